namespace GradGuard.Monitor;

/// <summary>
/// Where the detectors draw their lines. A detector also needs its window filled or its finding repeated before it speaks:
/// a single odd batch is not a fault.
/// </summary>
public sealed class DetectionThresholds
{
    /// <summary>GG9002: the gradient norm exploded when it stands this many robust standard deviations (1.4826·MAD) over its recent median.</summary>
    public double ExplodingRobustZ { get; init; } = 6;

    /// <summary>GG9002: and this many times over its recent median; a tight distribution alone makes no explosion.</summary>
    public double ExplodingFactor { get; init; } = 10;

    /// <summary>GG9002: growth of log10 RMS gradient per layer towards the input, from which depth itself makes gradients explode.</summary>
    public double ExplodingDepthSlope { get; init; } = 0.5;

    /// <summary>GG9003: slope of log10 RMS activation gradient per layer, from the last layer to the first, at or below which gradients vanish with depth.</summary>
    public double VanishingDepthSlope { get; init; } = -0.5;

    /// <summary>GG9003: true update over weight norm below which an early layer stands still.</summary>
    public double VanishingUpdateRatio { get; init; } = 1e-5;

    /// <summary>
    /// GG9004: share of a layer's units that were never active in the window from which the layer is reported: as <see cref="AlertSeverity.Info"/> where it is more by no more than one
    /// standard deviation of chance, √(p·(1 − p)/n) for this share p of n units.
    /// </summary>
    public double DeadUnitShare { get; init; } = 0.5;

    /// <summary>GG9004: share from which the report is <see cref="AlertSeverity.Critical"/>.</summary>
    public double DeadUnitCriticalShare { get; init; } = 0.9;

    /// <summary>GG9004: sampled batches a unit must stay inactive in.</summary>
    public int DeadUnitWindow { get; init; } = 20;

    /// <summary>GG9005: share of samples, averaged over the layer's units, in the flat part of sigmoid or tanh.</summary>
    public double SaturatedShare { get; init; } = 0.5;

    /// <summary>GG9005: sampled batches in a row over <see cref="SaturatedShare"/>.</summary>
    public int SaturatedWindow { get; init; } = 5;

    /// <summary>GG9009: ratio of the gradient at the first and last time step over which it explodes, and under whose inverse it vanishes.</summary>
    public double RecurrenceFactor { get; init; } = 1e3;

    /// <summary>GG9006: true update over weight norm under which a weight hardly changes.</summary>
    public double SmallestUpdateRatio { get; init; } = 1e-5;

    /// <summary>GG9006: true update over weight norm above which a step undoes what the ones before learned.</summary>
    public double LargestUpdateRatio { get; init; } = 0.1;

    /// <summary>GG9007: robust standard deviations over the median of the last 128 values from which a loss or an update is a spike.</summary>
    public double SpikeRobustZ { get; init; } = 6;

    /// <summary>GG9008: steps a loss may stand still, at least 40; three times as many for a model with a recurrent layer.</summary>
    public int StuckPatience { get; init; } = 200;

    /// <summary>GG9012: share of steps over which clipping counts as always on.</summary>
    public double AlwaysClippedShare { get; init; } = 0.9;
}
