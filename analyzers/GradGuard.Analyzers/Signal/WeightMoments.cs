using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>Mean and standard deviation of a tensor's first values.</summary>
internal readonly record struct WeightMoments(double Mean, double Std)
{
    public double Variance => Std * Std;

    /// <summary>The moments of a layer's first weights, null where their law or the fan it needs is not known.</summary>
    public static WeightMoments? Of(Layer layer) =>
        Of(layer.Weight.Distribution, layer.FanIn, layer.FanOut, layer.Kind is LayerKind.TransposedConvolution ? layer.InFeatures : layer.OutFeatures);

    /// <summary>
    /// The moments of <paramref name="distribution"/>, null where the law or the fan it needs is not known.
    /// <paramref name="fanIn"/> and <paramref name="fanOut"/> are those of <c>nn.init</c>: features times kernel size, over groups.
    /// <paramref name="rows"/> is the weight's first extent, of which the other extents are the columns: the fan-out of a matrix, the default.
    /// </summary>
    public static WeightMoments? Of(WeightDistribution distribution, double? fanIn, double? fanOut, double? rows = null) => distribution switch
    {
        WeightDistribution.Constant constant => new(constant.Value, 0),
        WeightDistribution.Normal normal => new(normal.Mean, Math.Abs(normal.Std)),
        WeightDistribution.TruncatedNormal truncated => OfTruncated(truncated),
        WeightDistribution.Uniform uniform => OfUniform(uniform.Low, uniform.High),
        WeightDistribution.Xavier xavier => Centered(xavier.Gain * xavier.Gain * 2 / (fanIn + fanOut)),
        WeightDistribution.Kaiming kaiming => Centered(kaiming.Gain * kaiming.Gain / (kaiming.FanOut ? fanOut : fanIn)),

        // Orthonormal rows (or columns) have squares that sum to 1 over the longer side (Saxe et al. 2014).
        WeightDistribution.Orthogonal orthogonal => Centered(orthogonal.Gain * orthogonal.Gain / Longer(fanIn, rows ?? fanOut)),
        WeightDistribution.Sparse sparse => Centered((1 - sparse.Sparsity) * sparse.Std * sparse.Std),
        WeightDistribution.Identity => OfIdentity(Longer(fanIn, fanOut)),
        WeightDistribution.FanInUniform uniform => Centered(uniform.Bound * uniform.Bound / 3 / fanIn),
        WeightDistribution.Scaled scaled => Of(scaled.Inner, fanIn, fanOut, rows) is { } inner
            ? new(inner.Mean * scaled.Factor, inner.Std * Math.Abs(scaled.Factor))
            : null,
        _ => null,
    };

    private static double? Longer(double? fanIn, double? fanOut) => fanIn is { } a && fanOut is { } b ? Math.Max(a, b) : null;

    private static WeightMoments? Centered(double? variance) => variance is >= 0 ? new(0, Math.Sqrt(variance.Value)) : null;

    private static WeightMoments OfUniform(double low, double high) => new(0.5 * (low + high), Math.Abs(high - low) / Math.Sqrt(12));

    private static WeightMoments? OfIdentity(double? width) =>
        width is { } n ? new(1 / n, Math.Sqrt(1 / n * (1 - (1 / n)))) : null;

    /// <summary>A normal law cut at both ends (Johnson, Kotz and Balakrishnan 1994, 13.10).</summary>
    private static WeightMoments? OfTruncated(WeightDistribution.TruncatedNormal law)
    {
        var (a, b) = ((law.Low - law.Mean) / law.Std, (law.High - law.Mean) / law.Std);
        var mass = NormalDistribution.Cdf(b) - NormalDistribution.Cdf(a);
        if (!(law.Std > 0) || !(mass > 1e-12))
            return null;
        var (densityA, densityB) = (NormalDistribution.Density(a), NormalDistribution.Density(b));
        var shift = (densityA - densityB) / mass;
        var edge = (Edge(a, densityA) - Edge(b, densityB)) / mass;
        return new(law.Mean + (law.Std * shift), law.Std * Math.Sqrt(Math.Max(0, 1 + edge - (shift * shift))));
    }

    private static double Edge(double bound, double density) => density == 0 ? 0 : bound * density;
}
