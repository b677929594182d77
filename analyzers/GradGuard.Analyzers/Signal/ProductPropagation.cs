using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

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
        if ((node.InnerWidth ?? node.Left.Shape[-1]) is not { } width)
            return ForwardSignal.Unknown(node, "product over an unknown width");
        return IsSoftmax(node.Left) ? Mean(node, a, b, width) : Scores(node, a, b, width);
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

    /// <summary>Scores of queries a and keys b: another unit is another key, so the query is shared; another sample is another query.</summary>
    private static ForwardSignal Scores(ProductNode node, Moments a, Moments b, double n)
    {
        var value = new Moments(
            n * a.Mean * b.Mean,
            Sum(a.Square, b.Square, a.AcrossUnits, b.AcrossUnits, n),
            Sum(a.AcrossSamples, b.AcrossSamples, a.AcrossBoth, b.AcrossBoth, n),
            Sum(a.Square, b.AcrossPositions, a.AcrossUnits, b.AcrossBoth, n),
            Sum(a.AcrossSamples, b.AcrossSamples, a.AcrossBoth, b.AcrossBoth, n));
        return ForwardSignal.Known(
            node,
            value with { PositionExcess = Sum(a.AcrossPositions, b.Square, a.AcrossBoth, b.AcrossUnits, n) - value.AcrossSamples },
            isGaussian: true,
            new GradientEdge(node.Left, gradient => node.Shape[-1] is { } keys ? OverKeys(gradient, b, keys) : null),
            new GradientEdge(node.Right, gradient => node.Shape[-2] is { } queries ? OverQueries(gradient, a, queries) : null));
    }

    /// <summary>Attention weights p times values v: a mean over <paramref name="keys"/> positions.</summary>
    private static ForwardSignal Mean(ProductNode node, Moments p, Moments v, double keys)
    {
        var value = OverKeys(p, v, keys);
        var width = (double?)(node.Shape[-1] ?? node.Right.Shape[-1]);
        return ForwardSignal.Known(
            node,
            new(v.Mean, value.Square, v.AcrossSamples, 0, 0) { PositionExcess = value.AcrossPositions - v.AcrossSamples },
            isGaussian: false,
            new GradientEdge(node.Left, gradient => width is { } d ? ToWeights(gradient, d) : null),
            new GradientEdge(node.Right, gradient => (node.Shape[-2] ?? node.Left.Shape[-2]) is { } queries ? OverQueries(p, gradient, queries) : null));

        Moments ToWeights(Moments gradient, double d) =>
            new(0, d * gradient.Square * v.Square, d * gradient.AcrossPositions * v.Square, d * gradient.Square * v.AcrossPositions, d * gradient.AcrossPositions * v.AcrossPositions);
    }

    /// <summary>Σ over keys j of aᵢⱼ·bⱼ; units of a are keys, samples of a are queries.</summary>
    private static Moments OverKeys(Moments a, Moments b, double keys) =>
        new(0, Sum(a.Square, b.Square, a.AcrossUnits, b.AcrossPositions, keys), 0, 0, 0)
        {
            PositionExcess = Sum(a.AcrossSamples, b.Square, a.AcrossBoth, b.AcrossPositions, keys),
        };

    /// <summary>Σ over queries i of aᵢⱼ·bᵢ.</summary>
    private static Moments OverQueries(Moments a, Moments b, double queries) =>
        new(0, Sum(a.Square, b.Square, a.AcrossSamples, b.AcrossPositions, queries), 0, 0, 0)
        {
            PositionExcess = Sum(a.AcrossUnits, b.Square, a.AcrossBoth, b.AcrossPositions, queries),
        };

    private static double Sum(double same, double sameOther, double two, double twoOther, double n) => (n * same * sameOther) + (n * (n - 1) * two * twoOther);

    private static bool IsSoftmax(GraphNode node) => node switch
    {
        ActivationNode activation => activation.Kind is ActivationKind.Softmax,
        ReshapeNode { IsTranspose: false, IsSlice: false } or DropoutNode => IsSoftmax(node.Input),
        _ => false,
    };

    private static TensorNode? WeightOf(ForwardSignal operand) => operand.Function.IsAffine ? operand.Origin as TensorNode : null;

    private static double? OuterWidth(ProductNode node, TensorNode weight) =>
        weight.Layer.InFeatures == node.InnerWidth ? weight.Layer.OutFeatures : weight.Layer.InFeatures;
}
