using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Sums, products and quotients of two tensors, concatenations and branches. Functions of one value are joined exactly; values that differ by at
/// least one layer of random weights are uncorrelated, so their second moments add (Yang and Schoenholz 2017, for residual networks).
/// </summary>
internal static class JoinPropagation
{
    /// <summary>Two sides of a branch agree when their RMS differs by less than this factor; otherwise the value is not known.</summary>
    private const double BranchTolerance = 1.25;

    public static ForwardSignal Through(AddNode node, ForwardSignal left, ForwardSignal right)
    {
        var sign = node.IsDifference ? -1 : 1;
        if (PointwisePropagation.CanJoin(left, right))
            return PointwisePropagation.Join(node, left, right, (a, b) => a + b.Affine(sign, 0));
        if (Missing(left, right) is { } because)
            return ForwardSignal.Unknown(node, because);
        var (a, b) = (left.Value!.Value, right.Value!.Value);
        return ForwardSignal
            .Known(node, a.Plus(b.Affine(sign, 0)), isGaussian: true, [.. node.Inputs.Select(Copy)])
            .With(Concentration.Sum(left.Concentration, a.WithinUnitVariance, right.Concentration, b.WithinUnitVariance));
    }

    public static ForwardSignal Through(MultiplyNode node, ForwardSignal left, ForwardSignal right)
    {
        if (PointwisePropagation.CanJoin(left, right))
            return PointwisePropagation.Join(node, left, right, (a, b) => a * b);
        if (left.Value is not { } a || right.Value is not { } b)
            return ForwardSignal.Unknown(node, Missing(left, right)!);
        return ForwardSignal.Known(
            node,
            a.Times(b),
            isGaussian: false,
            new(node.Inputs[0], gradient => gradient.Times(b)),
            new(node.Inputs[1], gradient => gradient.Times(a)));
    }

    public static ForwardSignal Through(DivideNode node, ForwardSignal left, ForwardSignal right) =>
        PointwisePropagation.CanJoin(left, right) && right.Function.KeepsSign(right.OriginValue)
            ? PointwisePropagation.Join(node, left, right, (a, b) => a / b)
            : ForwardSignal.Unknown(node, Missing(left, right) ?? "quotient of two different values");

    /// <summary>Widths weigh the parts; where one is not known, parts of equal moments need none.</summary>
    public static ForwardSignal Through(ConcatNode node, IReadOnlyList<ForwardSignal> parts)
    {
        if (parts.FirstOrDefault(part => part.Value is null) is { } missing)
            return ForwardSignal.Unknown(node, missing.UnknownBecause);
        if (parts.Count == 0)
            return ForwardSignal.Unknown(node, "concatenation of a list that is not known");
        var edges = node.Inputs.Select(Copy).ToArray();
        if (parts.All(part => part.Value == parts[0].Value))
            return ForwardSignal.Known(node, parts[0].Value!.Value, parts.All(part => part.IsGaussian), edges);

        var widths = node.Inputs.Select(input => WidthOf(input.Shape)).ToArray();
        if (widths.Any(width => width is null or <= 0))
            return ForwardSignal.Unknown(node, "concatenation of parts of unknown width");
        var total = widths.Sum()!.Value;
        var shares = widths.Select(width => (double)width!.Value / total).ToArray();
        return ForwardSignal.Known(node, Mixture(parts, shares), isGaussian: false, edges);
    }

    public static ForwardSignal Through(BranchNode node, IReadOnlyList<ForwardSignal> alternatives)
    {
        if (alternatives.FirstOrDefault(side => side.Value is null) is { } missing)
            return ForwardSignal.Unknown(node, missing.UnknownBecause);
        var (low, high) = (alternatives.Min(side => side.Value!.Value.Rms), alternatives.Max(side => side.Value!.Value.Rms));
        if (high > low * BranchTolerance)
            return ForwardSignal.Unknown(node, "the branches differ in scale");
        var shares = alternatives.Select(_ => 1.0 / alternatives.Count).ToArray();
        return ForwardSignal.Known(node, Mixture(alternatives, shares), alternatives.All(side => side.IsGaussian), [.. node.Inputs.Select(Copy)]);
    }

    private static GradientEdge Copy(GraphNode input) => new(input, gradient => gradient);

    private static string? Missing(ForwardSignal left, ForwardSignal right) =>
        left.Value is null ? left.UnknownBecause : right.Value is null ? right.UnknownBecause : null;

    /// <summary>Channels of an image or features of a matrix: dimension 1 of rank 2 or 4 and more, the last of a sequence and where the rank is not known.</summary>
    private static long? WidthOf(TensorShape shape) => shape.Rank is 3 or null ? shape[-1] : shape[1];

    private static Moments Mixture(IReadOnlyList<ForwardSignal> parts, double[] shares)
    {
        double Average(Func<Moments, double> moment) => parts.Zip(shares, (part, share) => share * moment(part.Value!.Value)).Sum();
        return new(Average(m => m.Mean), Average(m => m.Square), Average(m => m.AcrossSamples), Average(m => m.AcrossUnits), Average(m => m.AcrossBoth));
    }
}
