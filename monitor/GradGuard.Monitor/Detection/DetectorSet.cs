using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// Every detector, fed with the same records. What follows from NaN is the business of the first two: it, and the updates that led there.
/// </summary>
internal sealed class DetectorSet(DetectionThresholds thresholds) : IDetector
{
    private readonly IDetector _nonFinite = new NonFiniteDetector();
    private readonly IDetector _exploding = new ExplodingGradientDetector(thresholds);
    private readonly IDetector[] _others =
    [
        new SaturationDetector(thresholds),
        new DeadUnitDetector(thresholds),
        new RecurrenceDetector(thresholds),
        new VanishingGradientDetector(thresholds),
        new NotTrainedDetector(),
    ];

    /// <inheritdoc/>
    public bool IsSuspicious => Array.Exists(_others, static detector => detector.IsSuspicious);

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
        => [.. _nonFinite.Inspect(record), .. _exploding.Inspect(record), .. record.IsFinite ? _others.SelectMany(detector => detector.Inspect(record)) : []];
}
