using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Pooling over positions. Other positions of a unit behave like other samples (white input, random kernels), so the two-sample moment says how
/// alike the values of a window are.
/// </summary>
internal static class PoolingPropagation
{
    public static ForwardSignal Through(PoolingNode node, ForwardSignal input)
    {
        if (input.Value is null)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        if (node.WindowSize is not { } window || window < 1)
            return ForwardSignal.Unknown(node, "pooling over a window of unknown size");
        var density = Density(node, window);
        return node.Kind switch
        {
            PoolingKind.Average or PoolingKind.AdaptiveAverage => Average(node, input, window, density),
            PoolingKind.Max or PoolingKind.AdaptiveMax => Max(node, input, window, density),
            _ => ForwardSignal.Unknown(node, $"{node.Kind} pooling has no closed form here"),
        };
    }

    /// <summary>The mean of <paramref name="count"/> values of one unit; what all samples have alike in space is taken as smooth, and stays.</summary>
    private static Moments Mean(Moments x, double count, double patternShare)
    {
        var kept = patternShare + ((1 - patternShare) / count);
        return x with
        {
            Square = x.AcrossSamples + ((x.Square - x.AcrossSamples) * kept),
            AcrossUnits = x.AcrossBoth + ((x.AcrossUnits - x.AcrossBoth) * kept),
        };
    }

    private static ForwardSignal Average(PoolingNode node, ForwardSignal input, double window, double density) =>
        ForwardSignal
            .Known(
                node,
                Mean(input.Value!.Value, window, input.Concentration.PatternShare),
                isGaussian: input.IsGaussian,
                new GradientEdge(node.Input, gradient => Spread(gradient, density / window, density * density)))
            .With(input.Concentration.Averaged(window));

    private static Moments Spread(Moments gradient, double sameSample, double twoSamples) =>
        new(0, gradient.Square * sameSample, gradient.AcrossSamples * twoSamples, gradient.AcrossUnits * sameSample, gradient.AcrossBoth * twoSamples);

    /// <summary>
    /// The largest of a window's values is taken before the activation instead of after it, which is the same for one that never falls. Given
    /// the unit's mean the window's values are independent Gaussians, so their maximum keeps the part they share and shifts the rest by the mean of the
    /// largest of k normals. The gradient goes to one value in each window.
    /// </summary>
    private static ForwardSignal Max(PoolingNode node, ForwardSignal input, double window, double density)
    {
        var z = input.OriginValue;
        var (shift, variance) = LargestOf(window);
        var within = z.WithinUnitVariance;
        var mean = z.Mean + (shift * Math.Sqrt(within));
        var moved = (mean * mean) - (z.Mean * z.Mean);
        var largest = new Moments(
            mean,
            z.AcrossSamples + moved + (within * variance),
            z.AcrossSamples + moved,
            z.AcrossUnits + moved,
            z.AcrossBoth + moved);
        return PointwisePropagation.Same(node, input with { OriginValue = largest, OriginDensity = input.OriginDensity * density });
    }

    /// <summary>Mean and variance of the largest of <paramref name="count"/> standard normal values, whose law is Φ^count.</summary>
    private static (double Mean, double Variance) LargestOf(double count)
    {
        var (points, weights) = GaussianQuadrature.Rule([]);
        var (mean, square) = (0.0, 0.0);
        for (var i = 0; i < points.Length; i++)
        {
            var mass = weights[i] * count * Math.Pow(NormalDistribution.Cdf(points[i]), count - 1);
            mean += mass * points[i];
            square += mass * points[i] * points[i];
        }
        return (mean, Math.Max(0, square - (mean * mean)));
    }

    /// <summary>Outputs per input position; windows that do not overlap are assumed where the extents are not known.</summary>
    private static double Density(PoolingNode node, double window)
    {
        if (node.Shape.Extents is not { } after || node.Input.Shape.Extents is not { } before || after.Length != before.Length)
            return 1 / window;
        var density = 1.0;
        for (var i = 2; i < after.Length; i++)
        {
            if (after[i] is not { } outputs || before[i] is not { } inputs)
                return 1 / window;
            density *= (double)outputs / inputs;
        }
        return density;
    }
}
