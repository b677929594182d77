namespace GradGuard.Analyzers.Signal;

/// <summary>
/// In how few directions a unit's variance over samples and positions lies: Σλ²/(Σλ)² of the covariance over samples that the units share (the inverse
/// participation ratio of its spectrum), 0 for very many directions and 1 for one. Given that covariance, wide layers draw each unit as a Gaussian
/// process (Lee et al. 2018), so one unit's own variance is a sum of squared normals whose relative variance is twice this number.
/// </summary>
/// <param name="Samples">Of the part that differs from sample to sample.</param>
/// <param name="PatternShare">Share of the variance in a pattern over positions that all samples have alike: what zero padding leaves behind.</param>
/// <param name="Pattern">The concentration of that pattern.</param>
internal readonly record struct Concentration(double Samples, double PatternShare, double Pattern)
{
    /// <summary>
    /// What two patterns of the same borders have in common, as a correlation of their covariances. Between 0.33 and 0.49 when the covariance of a
    /// batch-normalized stack is followed exactly, for kernels of 3 and 5 on 4 to 16 positions a side.
    /// </summary>
    private const double PatternOverlap = 0.37;

    /// <summary>Of all the variance: the two parts have nothing in common.</summary>
    public double Total => Joined(Samples, 1 - PatternShare, Pattern, PatternShare, 0);

    /// <summary>Where positions are no longer samples: each has its mean to itself.</summary>
    public Concentration WithoutPattern => this with { PatternShare = 0 };

    /// <summary>
    /// After random weights over <paramref name="units"/> inputs at as many positions as a kernel has taps. Finitely many units are a sample of their
    /// covariance, which leaves at most as many directions; taps at other positions bring other samples' values, but the same pattern.
    /// </summary>
    /// <param name="x">Moments of the inputs.</param>
    /// <param name="units">Units a value sums over; null for many.</param>
    /// <param name="reach">Taps, and the pattern that missing ones make of an input's mean.</param>
    public Concentration ThroughWeights(Moments x, double? units, SpatialReach reach)
    {
        var sampled = (Samples + ((1 - Samples) / (units ?? double.PositiveInfinity))) / reach.PerOutput;
        var made = x.AcrossSamples * (1 - reach.SharedByPairs);
        var inherited = x.WithinUnitVariance * PatternShare;
        var all = made + x.WithinUnitVariance;
        return made + inherited > 0 && all > 0
            ? new(sampled, (made + inherited) / all, Joined(reach.PatternConcentration, made, Pattern, inherited, PatternOverlap))
            : new(sampled, 0, 0);
    }

    /// <summary>After an element-wise function: what it makes of two samples' correlation, at one standard deviation either way.</summary>
    public Concentration Through(GaussianTransform transform) =>
        new(
            Square(transform.CorrelationSpread(Math.Sqrt(Samples))),
            transform.CorrelationGrowth(PatternShare),
            Square(transform.CorrelationSpread(Math.Sqrt(Pattern))));

    /// <summary>After the mean of <paramref name="count"/> values that differ in position only.</summary>
    public Concentration Averaged(double count)
    {
        var kept = PatternShare + ((1 - PatternShare) / count);
        return new(Samples, PatternShare / kept, Pattern);
    }

    /// <summary>Of a sum of independent values with the given variances.</summary>
    public static Concentration Sum(Concentration a, double varianceA, Concentration b, double varianceB)
    {
        var total = varianceA + varianceB;
        if (total <= 0)
            return default;
        var (patternA, patternB) = (a.PatternShare * varianceA, b.PatternShare * varianceB);
        return new(
            Joined(a.Samples, varianceA - patternA, b.Samples, varianceB - patternB, 0),
            (patternA + patternB) / total,
            Joined(a.Pattern, patternA, b.Pattern, patternB, PatternOverlap));
    }

    /// <summary>Σλ²/(Σλ)² of a sum of two covariances with the given traces.</summary>
    private static double Joined(double a, double traceA, double b, double traceB, double overlap)
    {
        var total = traceA + traceB;
        return total > 0
            ? (Square(traceA / total) * a) + (Square(traceB / total) * b) + (2 * traceA * traceB / Square(total) * overlap * Math.Sqrt(a * b))
            : 0;
    }

    private static double Square(double x) => x * x;
}
