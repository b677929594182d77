using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>Layers that compute W·x + b.</summary>
internal static class AffinePropagation
{
    public static ForwardSignal Through(AffineNode node, ForwardSignal input)
    {
        var layer = node.Layer;
        if (input.Value is not { } value)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        if (BiasOf(layer) is not { } bias)
            return ForwardSignal.Unknown(node, "bias of unknown values");
        if (layer.Weight.Distribution is WeightDistribution.Identity)
            return ThroughIdentity(node, value, bias);
        if (SpatialReach.Of(layer, node.Input.Shape) is not { } reach || MapOf(layer, bias, reach) is not { } map || map.Forward(value) is not { } result)
            return ForwardSignal.Unknown(node, "weights of unknown values or width");

        return ForwardSignal
            .Known(node, result, isGaussian: true, new GradientEdge(node.Input, gradient => map.Backward(gradient)))
            .With(
                input.Concentration.ThroughWeights(value, (double?)layer.InFeatures / layer.Groups, reach),
                map.Inputs is { } inputs ? Excess(layer.Weight.Distribution) / inputs : 0);
    }

    /// <summary>The map of a layer; null where its weights or sizes are not known.</summary>
    private static AffineMap? MapOf(Layer layer, WeightMoments bias, SpatialReach reach)
    {
        var weight = WeightMoments.Of(layer);
        var inputs = layer.InFeatures * reach.PerOutput / layer.Groups;
        var outputs = layer.OutFeatures * reach.PerInput / layer.Groups;
        var gain = weight is { } known ? inputs * known.Variance : GainFreeOfWidth(layer, reach);
        if (gain is null)
            return null;
        return new()
        {
            Gain = gain,
            BackwardGain = outputs * weight?.Variance,
            Inputs = inputs,
            Outputs = outputs,
            SharedInputs = reach.SharedByPairs,
            WeightMean = weight?.Mean ?? 0,
            Bias = bias,
        };
    }

    /// <summary>First values of the bias: 0 without one, null where not known.</summary>
    public static WeightMoments? BiasOf(Layer layer)
    {
        if (!layer.HasBias)
            return new(0, 0);
        return layer.Bias is { } bias ? WeightMoments.Of(bias.Distribution, layer.FanIn, layer.FanOut) : null;
    }

    /// <summary>Excess kurtosis, E[w⁴]/E[w²]² − 3: −6/5 for a uniform law, 0 for a normal one.</summary>
    private static double Excess(WeightDistribution distribution) => distribution switch
    {
        WeightDistribution.Scaled scaled => Excess(scaled.Inner),
        WeightDistribution.FanInUniform or WeightDistribution.Uniform
            or WeightDistribution.Xavier { IsUniform: true } or WeightDistribution.Kaiming { IsUniform: true } => -1.2,
        _ => 0,
    };

    /// <summary>Laws that scale with 1/fan_in give the same n·σ² at every width.</summary>
    private static double? GainFreeOfWidth(Layer layer, SpatialReach reach) => layer.Kind is LayerKind.TransposedConvolution
        ? null
        : layer.Weight.Distribution switch
        {
            WeightDistribution.FanInUniform uniform => uniform.Bound * uniform.Bound / 3 * reach.PerOutput / layer.KernelSize,
            WeightDistribution.Kaiming { FanOut: false } kaiming => kaiming.Gain * kaiming.Gain * reach.PerOutput / layer.KernelSize,
            _ => null,
        };

    private static ForwardSignal ThroughIdentity(AffineNode node, Moments value, WeightMoments bias)
    {
        var layer = node.Layer;
        if (layer.InFeatures is null || layer.InFeatures != layer.OutFeatures || layer.Groups is not 1)
            return ForwardSignal.Unknown(node, "identity weights between different or unknown widths");
        var result = value.Plus(Moments.SharedBySamples(bias.Mean, bias.Variance));
        return ForwardSignal.Known(node, result, isGaussian: true, new GradientEdge(node.Input, gradient => gradient));
    }
}
