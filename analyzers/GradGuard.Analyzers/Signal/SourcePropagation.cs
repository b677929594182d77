using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>Tensors the program creates from a known law.</summary>
internal static class SourcePropagation
{
    public static ForwardSignal From(TensorNode node)
    {
        if (WeightMoments.Of(node.Layer.Weight.Distribution, node.Layer.FanIn, node.Layer.FanOut) is not { } moments)
            return ForwardSignal.Unknown(node, "tensor of unknown values");
        var value = node.IsParameter
            ? Moments.SharedBySamples(moments.Mean, moments.Variance)
            : Moments.Independent(moments.Mean, moments.Variance);
        return ForwardSignal.Known(node, value, isGaussian: false);
    }
}
