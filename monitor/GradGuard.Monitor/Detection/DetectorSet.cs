using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// Every detector, fed with the same records. What follows from NaN is the business of the first two: it, and the updates that led there.
/// One fault is told once, nearest its cause: a symptom of the whole run is not told while a layer is known to be at fault, nor a later
/// symptom while an earlier one is.
/// </summary>
/// <param name="thresholds">Where each draws its line.</param>
/// <param name="predictions">How the code predicts that each layer starts; null where that is not known.</param>
internal sealed class DetectorSet(DetectionThresholds thresholds, IReadOnlyList<LayerPrediction>? predictions = null) : IDetector
{
    /// <summary>Steps for which a fault explains the symptoms around it.</summary>
    public const long Explains = 500;

    private readonly IDetector _nonFinite = new NonFiniteDetector();
    private readonly IDetector _exploding = new ExplodingGradientDetector(thresholds);
    private readonly IDetector[] _causes =
    [
        new PoorStartDetector(predictions),
        new CarriedGradientDetector(),
        new DoubledSoftmaxDetector(),
        new SaturationDetector(thresholds),
        new DeadUnitDetector(thresholds),
        new RecurrenceDetector(thresholds),
        new VanishingGradientDetector(thresholds),
        new NotTrainedDetector(),
    ];

    private readonly IDetector[] _symptoms =
    [
        new SpikeDetector(thresholds),
        new UpdateRatioDetector(thresholds),
        new StuckLossDetector(thresholds),
    ];

    private readonly ClippingDetector _clipping = new(thresholds);
    private readonly IDetector _pastHooks = new PastHooksDetector();
    private readonly PreflightDetector _preflight = new(thresholds, predictions);
    private long _explainedUntil = -1;

    /// <summary>The state that training began in; null until the first batches have been seen.</summary>
    public PreflightReport? Preflight => _preflight.Report;

    private IEnumerable<IDetector> All => [_nonFinite, _exploding, .. _causes, .. _symptoms, _clipping, _pastHooks, _preflight];

    /// <inheritdoc/>
    public bool IsSuspicious => Array.Exists(_causes, static detector => detector.IsSuspicious) || Array.Exists(_symptoms, static detector => detector.IsSuspicious);

    /// <summary>True where the next readings should be of whole gradients.</summary>
    public bool WantsWholeGradients => _clipping.WantsWholeGradients;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        var found = new List<Finding>();
        found.AddRange(_nonFinite.Inspect(record));
        found.AddRange(_exploding.Inspect(record));
        if (record.IsFinite)
        {
            foreach (var cause in _causes)
                found.AddRange(cause.Inspect(record));
        }

        Explain(record, found.Count > 0);
        var before = found.Count;
        found.AddRange(_preflight.Inspect(record));
        Silence(record, found, before);
        if (!record.IsFinite)
            return found;
        foreach (var symptom in _symptoms)
        {
            before = found.Count;
            found.AddRange(symptom.Inspect(record));
            var isTold = found.Count > before;
            Silence(record, found, before);
            Explain(record, isTold && symptom is not SpikeDetector);
        }

        found.AddRange(_clipping.Inspect(record));
        found.AddRange(_pastHooks.Inspect(record));
        return found;
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        foreach (var detector in All)
            detector.Persist(archive);
        _explainedUntil = archive.Value(_explainedUntil);
    }

    /// <summary>Takes symptoms back, from an index on, while a fault explains them.</summary>
    private void Silence(StepRecord record, List<Finding> found, int index)
    {
        if (record.Step < _explainedUntil)
            found.RemoveRange(index, found.Count - index);
    }

    private void Explain(StepRecord record, bool isAtFault) => _explainedUntil = isAtFault ? record.Step + Explains : _explainedUntil;
}
