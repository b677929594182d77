using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9006: true updates too small or too large beside the weights they change, and a loss that bears it out: it stands on an early
/// plateau, or far above where it began. The ratio alone is no fault: a converged run drifts towards small updates, a fine-tuned layer is
/// meant to, and Adam's first steps are large.
/// </summary>
/// <remarks>
/// Biases and norm scales are not judged, nor weights that are, or just left, zero: their ratio says nothing. An update of exactly zero
/// says nothing about one parameter, which an optimizer may rightly leave out, or one step of several over which gradients accumulate;
/// where no parameter ever changes it is the fault itself.
/// </remarks>
internal sealed class UpdateRatioDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Readings in a row under the lower bound, or without any change.</summary>
    public const int SmallReadings = 20;

    /// <summary>Steps those readings must span: a warm-up of the learning rate starts small.</summary>
    public const long SmallSteps = 100;

    /// <summary>Readings in a row over the upper bound.</summary>
    public const int LargeReadings = 10;

    /// <summary>Steps in which updates may be large: Adam's first ones are as large as its learning rate, whatever the gradient.</summary>
    public const long WarmUp = 20;

    /// <summary>Readings with an update over the upper bound, at any time, that may have thrown the loss up.</summary>
    public const int ThrowingReadings = 3;

    /// <summary>Times where it began, from which a loss was thrown up; two blocks of 20 steps in a row.</summary>
    public const double ThrownUp = 3;

    private readonly LossPlateau _plateau = new();
    private readonly LossGauge _gauge = new();
    private readonly LossRise _rise = new(StuckLossDetector.BlockSteps);
    private readonly NamedStates<string, Streak> _streaks = new();
    private bool _knowsLittle;
    private long _stillSince = -1;
    private int _stillReadings;
    private bool _moved;
    private int _largeReadings;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        _plateau.Add(record.Loss);
        _rise.Add(record.Loss);
        if (record.HasEverything)
            _knowsLittle = _gauge.Take(record) is { KnowsLittle: true } || LossReading.StandsLikeAGuess(record);
        if (record.Updates.Count == 0)
            return [];
        if (StandStill(record) is { } still)
            return [still];

        var largest = 0.0;
        var (isAnySmall, isAnyLarge) = (false, false);
        for (var place = 0; place < record.Updates.Count; place++)
        {
            var update = record.Updates[place];
            if (!IsJudged(update))
                continue;
            ref var streak = ref _streaks.At(place, update.Name);
            streak = Continue(streak, record.Step, update.Ratio);
            isAnySmall |= streak.IsSmall(record.Step);
            isAnyLarge |= streak.IsLarge;
            if (update.Ratio > largest)
                largest = update.Ratio;
        }

        _largeReadings += largest > thresholds.LargestUpdateRatio ? 1 : 0;
        if (_largeReadings >= ThrowingReadings && _rise.Factor > ThrownUp)
            return [ThrewUp(_rise.Factor)];
        isAnySmall &= _knowsLittle;
        if (!(isAnySmall || isAnyLarge) || !_plateau.IsStuck)
            return [];
        var judged = record.Updates.Where(IsJudged).ToList();
        var small = isAnySmall
            ? judged.Where(update => _streaks.Of(update.Name).IsSmall(record.Step)).ToList()
            : [];
        var large = judged.Where(update => _streaks.Of(update.Name).IsLarge).ToList();
        return Named(small, judged, TooSmall).Concat(Named(large, judged, TooLarge));
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _plateau.Persist(archive);
        _gauge.Persist(archive);
        _rise.Persist(archive);
        _streaks.Persist(archive, archive.Value, streak => new Streak(
            archive.Value(streak.SmallReadings), archive.Value(streak.SmallSince), archive.Value(streak.LargeReadings)));
        _knowsLittle = archive.Value(_knowsLittle);
        _stillSince = archive.Value(_stillSince);
        _stillReadings = archive.Value(_stillReadings);
        _moved = archive.Value(_moved);
        _largeReadings = archive.Value(_largeReadings);
    }

    private static bool IsJudged(UpdateRecord update) => update.Dimensions >= 2 && update.Norm > 0
        && update.WeightNorm > ExplodingGradientDetector.LeastWeightRms * Math.Sqrt(update.Count);

    /// <summary>A fault of most layers is the learning rate's, and the model's; of a few it is theirs.</summary>
    private static IEnumerable<Finding> Named(
        List<UpdateRecord> found, List<UpdateRecord> judged, Func<string, double, Finding> report)
    {
        if (found.Count == 0)
            return [];
        return 2 * found.Count > judged.Count
            ? [report("", RobustWindow.MedianOf([.. found.Select(static update => update.Ratio)]))]
            : found.Select(update => report(update.Layer, update.Ratio));
    }

    private Streak Continue(Streak before, long step, double ratio)
    {
        var small = ratio < thresholds.SmallestUpdateRatio;
        var large = step > WarmUp && ratio > thresholds.LargestUpdateRatio;
        return new Streak(
            small ? before.SmallReadings + 1 : 0,
            small && before.SmallReadings > 0 ? before.SmallSince : step,
            large ? before.LargeReadings + 1 : 0);
    }

    private Finding? StandStill(StepRecord record)
    {
        _moved = _moved || record.Updates.Any(static update => update.Norm > 0);
        if (_moved || !record.Parameters.Any(static parameter => parameter.Gradient is { Norm: > 0 }))
            return null;
        if (_stillReadings++ == 0)
            _stillSince = record.Step;
        if (_stillReadings < SmallReadings || record.Step - _stillSince < SmallSteps)
            return null;
        return new Finding("GG9006", AlertSeverity.Warning, "",
            $"no parameter changed at all in {_stillReadings} steps read, though gradients arrive",
            "Check that the optimizer's step is called after Observe, that it was built from this model's parameters, and that its learning rate is not zero.",
            new Dictionary<string, double> { ["updateRatio"] = 0, ["readings"] = _stillReadings });
    }

    private Finding TooSmall(string layer, double ratio)
        => new("GG9006", AlertSeverity.Warning, layer,
            $"one update changes the weights by {Short(ratio)} of their size (under {Short(thresholds.SmallestUpdateRatio)} in {SmallReadings} steps read), and the loss has not moved from where a guess stands",
            "Raise the learning rate: about 1e-3 of a weight's size per update is usual. Check for a scale on the loss that was never meant, or a layer whose gradient is lost on the way.",
            new Dictionary<string, double> { ["updateRatio"] = ratio, ["limit"] = thresholds.SmallestUpdateRatio });

    private Finding TooLarge(string layer, double ratio)
        => new("GG9006", AlertSeverity.Warning, layer,
            $"one update changes the weights by {Percent(ratio)} of their size (over {Percent(thresholds.LargestUpdateRatio)} in {LargeReadings} steps read), and the loss does not fall",
            "Lower the learning rate by ten or more: about 1e-3 of a weight's size per update is usual. Clip with clip_grad_norm_ if it is the gradient that is large.",
            new Dictionary<string, double> { ["updateRatio"] = ratio, ["limit"] = thresholds.LargestUpdateRatio });

    private Finding ThrewUp(double factor)
        => new("GG9006", AlertSeverity.Warning, "",
            $"the loss stands {Short(factor)} times above where it began, after {_largeReadings} readings with updates over {Percent(thresholds.LargestUpdateRatio)} of the weights",
            "Lower the learning rate by ten or more, or warm it up: the first steps threw the weights out of the range they were initialised for.",
            new Dictionary<string, double> { ["lossFactor"] = factor, ["readings"] = _largeReadings, ["limit"] = thresholds.LargestUpdateRatio });

    private readonly record struct Streak(int SmallReadings, long SmallSince, int LargeReadings)
    {
        public bool IsLarge => LargeReadings >= UpdateRatioDetector.LargeReadings;

        public bool IsSmall(long step) => SmallReadings >= UpdateRatioDetector.SmallReadings && step - SmallSince >= SmallSteps;
    }
}
