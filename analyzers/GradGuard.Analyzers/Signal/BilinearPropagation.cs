using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>x₁ᵀ·W·x₂ + b: a layer over all products of the two inputs' values, which are taken as independent. Its fan-in is that of the first input.</summary>
internal static class BilinearPropagation
{
    public static ForwardSignal Through(AffineNode node, ForwardSignal first, ForwardSignal second)
    {
        if (first.Value is not { } a || second.Value is not { } b)
            return ForwardSignal.Unknown(node, first.Value is null ? first.UnknownBecause : second.UnknownBecause);
        var layer = node.Layer;
        if (first.Origin == second.Origin || layer.InFeatures is not { } inputs || layer.SecondInFeatures is not { } others
            || WeightMoments.Of(layer) is not { Mean: 0 } weight || AffinePropagation.BiasOf(layer) is not { } bias)
            return ForwardSignal.Unknown(node, "bilinear layer over one value, or of unknown weights or widths");

        var map = new AffineMap
        {
            Gain = (double)inputs * others * weight.Variance,
            BackwardGain = layer.OutFeatures * weight.Variance,
            Inputs = (double)inputs * others,
            Outputs = layer.OutFeatures,
            Bias = bias,
        };
        return ForwardSignal.Known(
            node,
            map.Forward(a.Times(b))!.Value,
            isGaussian: true,
            new(node.Inputs[0], gradient => map.Backward(gradient)?.Times(b).Amplify(others)),
            new(node.Inputs[1], gradient => map.Backward(gradient)?.Times(a).Amplify(inputs)));
    }
}
