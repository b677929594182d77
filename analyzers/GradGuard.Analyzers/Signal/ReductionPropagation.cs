using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Means and sums. What is summed over is another unit for the last dimension (for the channels of an image, dimension 1), the samples for dimension 0 of a matrix
/// or an image, and another position of the same sample otherwise.
/// </summary>
internal static class ReductionPropagation
{
    public static ForwardSignal Through(ReductionNode node, ForwardSignal input)
    {
        if (input.Value is not { } x)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        if (node.Kind is not (ReductionKind.Mean or ReductionKind.Sum))
            return ForwardSignal.Unknown(node, $"{node.Kind} over values has no closed form here");
        if (node.Count is not > 0 || OverOf(node) is not { } over)
            return ForwardSignal.Unknown(node, "reduction over an unknown number of values");

        var n = node.Count.Value;
        var factor = node.Kind is ReductionKind.Mean ? 1 : n * n;
        var mean = Mean(x, n, over);
        var value = (mean with { Mean = 0 }).Amplify(factor) with { Mean = mean.Mean * Math.Sqrt(factor) };
        return ForwardSignal.Known(node, value, input.IsGaussian, new GradientEdge(node.Input, gradient => Spread(gradient, over).Amplify(factor / (n * n))));
    }

    private static Over? OverOf(ReductionNode node)
    {
        if (node.Input.Shape.Rank is not { } rank || node.Dimension is not { } dimension)
            return null;
        var index = dimension < 0 ? dimension + rank : dimension;
        if (index == (rank > 3 ? 1 : rank - 1))
            return Over.Units;
        return index == 0 && rank != 3 ? Over.Samples : Over.Positions;
    }

    private static Moments Mean(Moments x, double n, Over over)
    {
        double Of(double same, double other) => (same / n) + (other * (1 - (1 / n)));
        return over switch
        {
            Over.Units => new(x.Mean, Of(x.Square, x.AcrossUnits), Of(x.AcrossSamples, x.AcrossBoth), Of(x.Square, x.AcrossUnits), Of(x.AcrossSamples, x.AcrossBoth)),
            Over.Samples => new(x.Mean, Of(x.Square, x.AcrossSamples), Of(x.Square, x.AcrossSamples), Of(x.AcrossUnits, x.AcrossBoth), Of(x.AcrossUnits, x.AcrossBoth)),
            _ => new(x.Mean, Of(x.Square, x.AcrossPositions), x.AcrossSamples, Of(x.AcrossUnits, x.AcrossBoth), x.AcrossBoth),
        };
    }

    /// <summary>Every value that was summed gets the same gradient.</summary>
    private static Moments Spread(Moments gradient, Over over) => over switch
    {
        Over.Units => gradient with { AcrossUnits = gradient.Square, AcrossBoth = gradient.AcrossSamples },
        Over.Samples => gradient with { AcrossSamples = gradient.Square, AcrossBoth = gradient.AcrossUnits, PositionExcess = 0 },
        _ => gradient with { PositionExcess = gradient.Square - gradient.AcrossSamples },
    };

    private enum Over
    {
        Units,
        Positions,
        Samples,
    }
}
