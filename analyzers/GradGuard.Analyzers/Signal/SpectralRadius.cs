using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>The largest eigenvalue's modulus of a square matrix of random values.</summary>
internal static class SpectralRadius
{
    /// <summary>
    /// √n·σ for n×n independent entries (circular law: Ginibre 1965; Tao and Vu 2010), exact as n grows and off by tens of percent at n = 5; a
    /// mean μ adds one eigenvalue at n·μ (Tao 2013). An orthogonal matrix has its gain, the identity 1. Null where the law or n is not known.
    /// </summary>
    public static double? Of(WeightDistribution distribution, double? width) => distribution switch
    {
        WeightDistribution.Orthogonal orthogonal => Math.Abs(orthogonal.Gain),
        WeightDistribution.Identity => 1,
        WeightDistribution.Scaled scaled => Math.Abs(scaled.Factor) * Of(scaled.Inner, width),
        _ when width is { } n && WeightMoments.Of(distribution, n, n) is { } law => Math.Max(n * Math.Abs(law.Mean), Math.Sqrt(n) * law.Std),
        _ => null,
    };
}
