using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>Matrix products written by hand: with a tensor of random values they are a layer without a bias, between activations they are scores.</summary>
internal static class ProductPropagation
{
    public static ForwardSignal Through(ProductNode node, ForwardSignal left, ForwardSignal right)
    {
        if (left.Value is not { } a || right.Value is not { } b)
            return ForwardSignal.Unknown(node, left.Value is null ? left.UnknownBecause : right.UnknownBecause);
        if (WeightOf(right) is { } rightWeight)
            return WithWeight(node, node.Left, a, rightWeight, b);
        if (WeightOf(left) is { } leftWeight)
            return WithWeight(node, node.Right, b, leftWeight, a);
        return node.InnerWidth is { } width
            ? BetweenActivations(node, a, b, width)
            : ForwardSignal.Unknown(node, "product over an unknown width");
    }

    private static ForwardSignal WithWeight(ProductNode node, GraphNode input, Moments x, TensorNode weight, Moments law)
    {
        var map = new AffineMap
        {
            Gain = node.InnerWidth * law.Variance,
            BackwardGain = OuterWidth(node, weight) * law.Variance,
            Inputs = node.InnerWidth,
            Outputs = OuterWidth(node, weight),
            WeightMean = law.Mean,
        };
        return map.Forward(x) is { } value
            ? ForwardSignal.Known(node, value, isGaussian: true, new GradientEdge(input, gradient => map.Backward(gradient)))
            : ForwardSignal.Unknown(node, "product over an unknown width");
    }

    /// <summary>Scores of queries a and keys b: another unit is another key, so the query is shared.</summary>
    private static ForwardSignal BetweenActivations(ProductNode node, Moments a, Moments b, double n)
    {
        double Sum(double same, double sameOther, double two, double twoOther) => (n * same * sameOther) + (n * (n - 1) * two * twoOther);
        var value = new Moments(
            n * a.Mean * b.Mean,
            Sum(a.Square, b.Square, a.AcrossUnits, b.AcrossUnits),
            Sum(a.AcrossSamples, b.AcrossSamples, a.AcrossBoth, b.AcrossBoth),
            Sum(a.Square, b.AcrossSamples, a.AcrossUnits, b.AcrossBoth),
            Sum(a.AcrossSamples, b.AcrossSamples, a.AcrossBoth, b.AcrossBoth));
        return ForwardSignal.Known(
            node,
            value,
            isGaussian: true,
            new GradientEdge(node.Left, gradient => Through(gradient, b, node.Shape[-1])),
            new GradientEdge(node.Right, gradient => Through(gradient, a, node.Shape[-2])));
    }

    private static Moments? Through(Moments gradient, Moments other, double? count) =>
        count is { } n ? gradient.Times(other).Amplify(n) : null;

    private static TensorNode? WeightOf(ForwardSignal operand) => operand.Function.IsAffine ? operand.Origin as TensorNode : null;

    private static double? OuterWidth(ProductNode node, TensorNode weight) =>
        weight.Layer.InFeatures == node.InnerWidth ? weight.Layer.OutFeatures : weight.Layer.InFeatures;
}
