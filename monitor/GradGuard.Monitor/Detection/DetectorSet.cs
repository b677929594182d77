using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>Every detector, fed with the same records.</summary>
internal sealed class DetectorSet(DetectionThresholds thresholds) : IDetector
{
    private readonly IDetector[] _detectors =
    [
        new NonFiniteDetector(),
        new SaturationDetector(thresholds),
        new DeadUnitDetector(thresholds),
        new RecurrenceDetector(thresholds),
        new ExplodingGradientDetector(thresholds),
        new VanishingGradientDetector(thresholds),
    ];

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record) => _detectors.SelectMany(detector => detector.Inspect(record).ToList());
}
