namespace GradGuard.Analyzers.Signal;

/// <summary>The values that a normalization takes its mean and standard deviation from.</summary>
internal readonly record struct NormalizationPool
{
    private readonly bool _isCentered;
    private readonly bool _isOverSamples;
    private readonly double _units;
    private readonly double _positions;

    private NormalizationPool(bool isCentered, bool isOverSamples, double units, double positions)
    {
        _isCentered = isCentered;
        _isOverSamples = isOverSamples;
        _units = units;
        _positions = positions;
    }

    /// <summary>Batch and instance norm: one unit, many samples or positions.</summary>
    public static NormalizationPool OverSamples { get; } = new(true, true, 1, double.PositiveInfinity);

    /// <summary>Layer and group norm: many units of one sample, at one or several positions.</summary>
    public static NormalizationPool OverUnits(double? units, double positions) =>
        new(true, false, units ?? double.PositiveInfinity, positions);

    /// <summary>RMS norm: many units, no mean taken away.</summary>
    public static NormalizationPool Uncentered(double? units) => new(false, false, units ?? double.PositiveInfinity, 1);

    /// <summary>Part of the mean squared gradient that lies along the normalized value and is lost: one over the pool's size.</summary>
    public double ShareAlongValue => 1 / (_units * _positions);

    /// <summary>
    /// Relative variance, over pools, of a pool's variance. Of one unit over samples it is the unit's own. Of n units, the variance of their means over
    /// positions is that of n − 1 free values (n where no mean is taken away), and the rest the average of n units' own.
    /// </summary>
    public double Spread(Moments centered, ForwardSignal input)
    {
        if (_isOverSamples)
            return input.UnitSpread;
        var share = centered.Square > 0 ? centered.AcrossSamples / centered.Square : 0;
        var fixedShare = (1 / _positions) + ((1 - (1 / _positions)) * share);
        var free = _isCentered ? _units - 1 : _units;
        var means = free > 0 ? 2 * fixedShare * fixedShare / free : 0;
        return means + ((1 - fixedShare) * (1 - fixedShare) * input.UnitSpread / _units);
    }

    /// <summary>x minus the mean over its pool.</summary>
    public Moments Center(Moments x)
    {
        if (!_isCentered)
            return x;
        if (_isOverSamples)
            return new(0, x.WithinUnitVariance, 0, x.AcrossUnits - x.AcrossBoth, 0) { PositionExcess = x.PositionExcess };

        // E[mean²] over the pool, and E[mean·mean′] of two samples' pools; other positions of a sample behave like other samples.
        var twoPools = (x.AcrossSamples / _units) + (x.AcrossBoth * (1 - (1 / _units)));
        var onePosition = (x.Square / _units) + (x.AcrossUnits * (1 - (1 / _units)));
        var onePool = (onePosition / _positions) + (twoPools * (1 - (1 / _positions)));
        return new(0, Math.Max(0, x.Square - onePool), x.AcrossSamples - twoPools, x.AcrossUnits - onePool, x.AcrossBoth - twoPools)
        {
            PositionExcess = x.PositionExcess * (1 - (1 / _units)),
        };
    }
}
