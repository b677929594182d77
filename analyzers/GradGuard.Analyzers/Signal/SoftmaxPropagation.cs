using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Softmax and log-softmax over n units, approximately: evaluated on one typical sample, whose logits are the n quantiles of their law. Rows sum to
/// 1, which fixes the two-unit moments. Backward through p(g − Σp·g), for a gradient independent from unit to unit.
/// </summary>
internal static class SoftmaxPropagation
{
    /// <summary>More units than this are stood for by as many quantiles.</summary>
    public const int MaxQuantiles = 512;

    public static ForwardSignal Through(ActivationNode node, ForwardSignal input)
    {
        var dimension = (int)(node.Dimension ?? -1);
        if (input.Value is not { } z)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        if ((node.Input.Shape[dimension] ?? node.Shape[dimension]) is not { } width || width < 1)
            return ForwardSignal.Unknown(node, "softmax over an unknown number of units");

        var typical = TypicalSoftmax.Of(Math.Sqrt(Math.Max(0, z.Square - z.AcrossUnits)), width, MaxQuantiles);
        return node.Kind is ActivationKind.Softmax ? Softmax(node, z, typical) : LogSoftmax(node, z, typical);
    }

    private static ForwardSignal Softmax(ActivationNode node, Moments z, TypicalSoftmax typical)
    {
        var n = typical.Width;
        var correlation = z.Variance > 0 ? (z.BetweenUnitVariance + z.PositionExcess) / z.Variance : 1;
        var square = typical.SquareSum / n;
        var shared = (1 / (n * n)) + (correlation * (square - (1 / (n * n))));
        var pairs = Math.Max(1, n - 1);
        var value = new Moments(1 / n, square, shared, ((1 / n) - square) / pairs, ((1 / n) - shared) / pairs);
        var gain = typical.Jacobian / n;
        return ForwardSignal.Known(node, value, isGaussian: false, new GradientEdge(node.Input, Backward));

        // What all units have in common is lost, and the rest sums to zero.
        Moments? Backward(Moments gradient)
        {
            var own = gain * (gradient.Square - gradient.AcrossUnits);
            var twoSamples = gain * (gradient.AcrossSamples - gradient.AcrossBoth);
            return new(0, own, twoSamples, -own / pairs, -twoSamples / pairs);
        }
    }

    private static ForwardSignal LogSoftmax(ActivationNode node, Moments z, TypicalSoftmax typical)
    {
        // The logits' common part cancels; log-sum-exp of the rest is taken as a constant.
        var centered = new Moments(0, z.Square - z.AcrossUnits, Math.Max(0, z.AcrossSamples - z.AcrossBoth), 0, 0);
        var gain = Math.Max(0, 1 - (2 / typical.Width) + typical.SquareSum);
        return ForwardSignal.Known(
            node,
            centered.Affine(1, -typical.LogSumExp),
            isGaussian: true,
            new GradientEdge(node.Input, gradient => gradient.Amplify(gain)));
    }
}
