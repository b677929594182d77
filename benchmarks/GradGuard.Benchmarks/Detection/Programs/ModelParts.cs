using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>Finds the layers of a model that faults and hard cases change.</summary>
internal static class ModelParts
{
    /// <summary>Linear and convolutional layers but for the last, in the order of the forward pass.</summary>
    public static IReadOnlyList<(string Path, Parameter Weight, Parameter? Bias)> HiddenLayers(this nn.Module model)
        => [.. model.named_modules().Select(static named => Layer(named.name, named.module)).OfType<(string, Parameter, Parameter?)>().SkipLast(1)];

    /// <summary>Hidden layers that a ReLU follows directly.</summary>
    public static IReadOnlyList<(string Path, Parameter Weight, Parameter? Bias)> RectifiedLayers(this nn.Module model)
    {
        var modules = model.named_modules().ToList();
        var rectified = modules.Zip(modules.Skip(1)).Where(static pair => pair.Second.module is ReLU).Select(static pair => pair.First.name).ToHashSet();
        return [.. model.HiddenLayers().Where(layer => rectified.Contains(layer.Path))];
    }

    /// <summary>Modules that hold recurrent weights, with those weights [gates × units, units].</summary>
    public static IReadOnlyList<(string Path, Parameter Weight)> Recurrences(this nn.Module model)
        => [.. model.named_parameters()
            .Where(static named => named.name.EndsWith("weight_hh_l0", StringComparison.Ordinal)
                || named.name.EndsWith("cell.weight_hh", StringComparison.Ordinal) || named.name.EndsWith("recurrent.weight", StringComparison.Ordinal))
            .Select(static named => (named.name[..named.name.LastIndexOf('.')], named.parameter))];

    private static (string Path, Parameter Weight, Parameter? Bias)? Layer(string path, nn.Module module) => module switch
    {
        Linear linear => (path, linear.weight!, linear.bias),
        Conv1d convolution => (path, convolution.weight!, convolution.bias),
        Conv2d convolution => (path, convolution.weight!, convolution.bias),
        _ => null,
    };
}
