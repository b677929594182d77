using System.Reflection;
using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Instrumentation;

/// <summary>The predictions that the generator left in the assembly of a model's class.</summary>
internal static class PredictedStart
{
    /// <summary>
    /// What is predicted of the layers of a model; null where its class is not the program's or nothing is known of it. That of a class inside
    /// the model says nothing: it was computed for an input from outside.
    /// </summary>
    public static IReadOnlyList<LayerPrediction>? Of(nn.Module model)
    {
        if (WrittenCalls.OwnTypes(model).FirstOrDefault() is not { } type)
            return null;
        var layers = type.Assembly.GetCustomAttributes<LayerPredictionAttribute>()
            .Where(row => row.Type == type.FullName).Select(static row => row.Prediction).ToList();
        return layers.Count > 0 ? layers : null;
    }
}
