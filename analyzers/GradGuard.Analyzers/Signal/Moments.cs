namespace GradGuard.Analyzers.Signal;

/// <summary>
/// First and second moments of a tensor over units (features, channels), samples (batch rows, positions) and the draw of the weights. A pair of
/// values has the same or another unit and the same or another sample, which gives four second moments. They are what mean-field theory
/// propagates (Poole et al. 2016; Schoenholz et al. 2017): the two-sample moment decides dead units and batch norm, the two-unit moment
/// constant initialization. The same type describes a gradient, whose mean is taken as 0.
/// </summary>
/// <param name="Mean">E[x].</param>
/// <param name="Square">E[x²]: same unit, same sample.</param>
/// <param name="AcrossSamples">E[x·x′]: same unit, two samples.</param>
/// <param name="AcrossUnits">E[x·y]: two units, same sample.</param>
/// <param name="AcrossBoth">E[x·y′]: two units, two samples.</param>
internal readonly record struct Moments(double Mean, double Square, double AcrossSamples, double AcrossUnits, double AcrossBoth)
{
    /// <summary>Independent values of mean 0 and RMS 1: what is assumed of a model's input, and of the gradient at its output.</summary>
    public static Moments UnitRms { get; } = new(0, 1, 0, 0, 0);

    /// <summary>
    /// E[x·x*] of the same unit at two positions of one sample, less <see cref="AcrossSamples"/>: 0 until positions mix (attention, a mean over them on the
    /// way back).
    /// </summary>
    public double PositionExcess { get; init; }

    /// <summary>E[x·x*]: same unit, two positions of one sample.</summary>
    public double AcrossPositions => AcrossSamples + PositionExcess;

    public double Rms => Math.Sqrt(Square);

    public double Variance => Math.Max(0, Square - (Mean * Mean));

    public double Std => Math.Sqrt(Variance);

    /// <summary>Variance of one unit over samples.</summary>
    public double WithinUnitVariance => Math.Max(0, Square - AcrossSamples);

    /// <summary>Variance, over units, of a unit's mean over samples.</summary>
    public double BetweenUnitVariance => Math.Max(0, AcrossSamples - (Mean * Mean));

    public bool IsFinite => !double.IsInfinity(Square) && !double.IsNaN(Square + Mean + AcrossSamples + AcrossUnits + AcrossBoth);

    /// <summary>The moments of independent values of one law: a random tensor that differs from sample to sample.</summary>
    public static Moments Independent(double mean, double variance) =>
        new(mean, variance + (mean * mean), mean * mean, mean * mean, mean * mean);

    /// <summary>The moments of a tensor that every sample shares: a bias, a parameter.</summary>
    public static Moments SharedBySamples(double mean, double variance) =>
        new(mean, variance + (mean * mean), variance + (mean * mean), mean * mean, mean * mean);

    /// <summary>factor·x + offset.</summary>
    public Moments Affine(double factor, double offset)
    {
        var (square, cross, constant) = (factor * factor, 2 * factor * offset * Mean, offset * offset);
        return new(
            (factor * Mean) + offset,
            (square * Square) + cross + constant,
            (square * AcrossSamples) + cross + constant,
            (square * AcrossUnits) + cross + constant,
            (square * AcrossBoth) + cross + constant)
        { PositionExcess = square * PositionExcess };
    }

    /// <summary>The sum of two independent tensors.</summary>
    public Moments Plus(Moments other)
    {
        var cross = 2 * Mean * other.Mean;
        return new(
            Mean + other.Mean,
            Square + other.Square + cross,
            AcrossSamples + other.AcrossSamples + cross,
            AcrossUnits + other.AcrossUnits + cross,
            AcrossBoth + other.AcrossBoth + cross)
        { PositionExcess = PositionExcess + other.PositionExcess };
    }

    /// <summary>The element-wise product of two independent tensors.</summary>
    public Moments Times(Moments other) =>
        new(
            Mean * other.Mean,
            Square * other.Square,
            AcrossSamples * other.AcrossSamples,
            AcrossUnits * other.AcrossUnits,
            AcrossBoth * other.AcrossBoth)
        {
            PositionExcess = (AcrossPositions * other.AcrossPositions) - (AcrossSamples * other.AcrossSamples),
        };

    /// <summary>A gradient's second moments times <paramref name="factor"/>: its RMS times √factor.</summary>
    public Moments Amplify(double factor) =>
        new(0, factor * Square, factor * AcrossSamples, factor * AcrossUnits, factor * AcrossBoth) { PositionExcess = factor * PositionExcess };
}
