using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>Where a run starts otherwise than its code predicts, and why.</summary>
internal static class PreflightParting
{
    /// <summary>
    /// Pre-activations measured over predicted, either way, from which the two part. Over wide layers and independent inputs they agree to a few
    /// percent; positions that resemble each other, as the rows of an image do, made it 2.3 behind an average over 28 of them.
    /// </summary>
    public const double Strong = 3;

    /// <summary>The same of the weights, whose law is known: five standard errors of the RMS of <see cref="LeastWeights"/> Gaussian numbers are 1.35.</summary>
    public const double OtherWeights = 1.4;

    /// <summary>Weights from which their size is judged.</summary>
    public const int LeastWeights = 100;

    /// <summary>RMS of the input, over 1 or under it, from which it is told that the prediction takes 1.</summary>
    public const double OtherInput = 1.5;

    /// <summary>Units under which one draw says little about the spread over units.</summary>
    public const int LeastUnits = 4;

    /// <summary>A sentence about the first layer that parts from what is predicted of it; null where none does.</summary>
    public static string? Of(PreflightPredictions predictions, IReadOnlyList<LayerStart> starts, IReadOnlyList<ParameterRecord> parameters, double? inputRms)
    {
        foreach (var start in starts)
        {
            if (predictions.Of(start.Layer.Path) is not { } predicted)
                continue;
            if (OfWeights(start, predicted, parameters) is { } otherWeights)
                return otherWeights;
            if (predicted is not { Std: { } expected, BehindRecurrence: false } || start is not { Std: > 0 and var std, Layer.Units: null or >= LeastUnits })
                continue;
            var before = $"from '{start.Layer.Path}' on, the run starts otherwise than its code predicts (pre-activations of std {Short(std)}, not {Short(expected)})";
            if (predicted.AssumesUnitInput && inputRms is { } input && IsFar(input, 1, OtherInput) && Distance(std, expected * input) < Distance(std, expected))
                return $"{before}: the input has an RMS of {Short(input)}, and the prediction takes 1";
            if (IsFar(std, expected, Strong * (1 + (LeastUnits / (double)(start.Layer.Units ?? LeastUnits)))))
                return $"{before}: the size of input and weights does not explain it, so entries or positions of the input depend on each other, or something in between is not as in the code";
        }

        return null;
    }

    private static string? OfWeights(LayerStart start, LayerPrediction predicted, IReadOnlyList<ParameterRecord> parameters)
    {
        var path = start.Layer.Path;
        return predicted.WeightRms is { } drawn
            && parameters.FirstOrDefault(parameter => parameter.Layer == path && parameter.Dimensions >= 2)?.Weight is { Count: >= LeastWeights, Rms: var rms }
            && IsFar(rms, drawn, OtherWeights)
            ? $"the weights of '{path}' start with an RMS of {Short(rms)}, and its code draws them with {Short(drawn)}: they were loaded, or set elsewhere, and what is predicted is not of them"
            : null;
    }

    private static bool IsFar(double value, double expected, double factor) => value != expected && !(value < expected * factor && expected < value * factor);

    private static double Distance(double value, double expected) => Math.Abs(Math.Log(value / expected));
}
