using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9008: a loss that has not moved while the model still only guesses, or one that swings from step to step under large updates and
/// gets nowhere. Both against the loss's own noise, and with patience.
/// </summary>
/// <remarks>
/// A flat loss alone is no fault: converged and fine-tuned models have one. Nor is a swinging one: two kinds of batches in turn make it
/// swing. So the first needs a model that knows nothing (<see cref="LossReading"/>), the second true updates of several percent.
/// </remarks>
internal sealed class StuckLossDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Steps of a block.</summary>
    public const int BlockSteps = 20;

    /// <summary>A fall by this share from the first half of the wait to the second is progress, however noisy.</summary>
    public const double Progress = 0.03;

    /// <summary>A fall of this many standard errors is progress, however small.</summary>
    public const double Significance = 2;

    /// <summary>Largest true update over weight norm, of a window's readings, that can throw a loss about.</summary>
    public const double LargeUpdate = 0.02;

    /// <summary>Windows in a row that must swing.</summary>
    public const int SwingWindows = 2;

    /// <summary>Times the patience for models that recur: what lies many time steps back is found late, and then at once.</summary>
    public const int RecurrentPatience = 3;

    private readonly LossBlocks _blocks = new(BlockSteps, Math.Max(2, RecurrentPatience * thresholds.StuckPatience / BlockSteps));
    private readonly LossGauge _gauge = new();
    private readonly LossSwing _swing = new();
    private double _largestUpdate;
    private int _swingWindows;
    private bool _recurs;

    private int Patience => thresholds.StuckPatience * (_recurs ? RecurrentPatience : 1);

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        var reading = _gauge.Take(record);
        _recurs = _recurs || AnyRecurs(record.Layers);
        if (record.HasEverything && reading is not { KnowsNothing: true })
            _blocks.Clear();
        for (var place = 0; place < record.Updates.Count; place++)
        {
            if (record.Updates[place] is { Dimensions: >= 2, WeightNorm: > 0 } update)
                _largestUpdate = Math.Max(_largestUpdate, update.Ratio);
        }

        if (record.Loss is not (> 0 and < double.PositiveInfinity))
            yield break;
        _blocks.Add(record.Loss.Value);
        if (reading is { } guess && IsFlat() is { } mean)
            yield return Flat(guess, mean);
        if (_swing.Add(record.Loss.Value) is not { } window)
            yield break;
        _swingWindows = window.Swings && _largestUpdate > LargeUpdate ? _swingWindows + 1 : 0;
        if (_swingWindows >= SwingWindows)
            yield return Swings(window);
        _largestUpdate = 0;
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _blocks.Persist(archive);
        _gauge.Persist(archive);
        _swing.Persist(archive);
        _largestUpdate = archive.Value(_largestUpdate);
        _swingWindows = archive.Value(_swingWindows);
        _recurs = archive.Value(_recurs);
    }

    /// <summary>Mean loss of a wait without progress; null where there was progress, or it has not lasted.</summary>
    private double? IsFlat()
    {
        var waited = Math.Max(2, Patience / BlockSteps);
        if (_blocks.Complete.Count < waited || waited * BlockSteps < Patience)
            return null;
        var begin = _blocks.Complete.Count - waited;
        var (first, firstVariance) = MeanOf(begin, begin + (waited / 2));
        var (second, secondVariance) = MeanOf(begin + (waited / 2), _blocks.Complete.Count);
        var fall = first - second;
        return fall < Progress * first && fall < Significance * Math.Sqrt(firstVariance + secondVariance) ? second : null;
    }

    private (double Mean, double Variance) MeanOf(int begin, int end)
    {
        var (mean, variance, count) = (0.0, 0.0, end - begin);
        for (var index = begin; index < end; index++)
        {
            mean += _blocks.Complete[index].Mean;
            variance += _blocks.Complete[index].Variance;
        }

        return (mean / count, variance / (count * count));
    }

    private static bool AnyRecurs(IReadOnlyList<LayerRecord> layers)
    {
        for (var place = 0; place < layers.Count; place++)
        {
            if (layers[place].Layer.Recurrence != RecurrenceKind.None)
                return true;
        }

        return false;
    }

    private Finding Flat(LossReading reading, double mean)
        => new("GG9008", AlertSeverity.Warning, "",
            $"the loss has stayed at {Short(mean)} for {Patience} steps, " + (reading.IsSquaredError
                ? "and the output hardly varies with the input: the model answers every sample alike"
                : $"{Percent(reading.Left)} of what guessing costs"),
            "Check that labels belong to their inputs and that the input reaches the first layer unspoiled; overfit a single batch; then try a learning rate ten times larger and smaller.",
            new Dictionary<string, double> { ["loss"] = mean, ["overGuess"] = reading.Left, ["steps"] = Patience });

    private Finding Swings(LossSwing.Window window)
        => new("GG9008", AlertSeverity.Warning, "",
            $"the loss swings by {Percent(window.Size)} of its mean of {Short(window.Mean)} from step to step and does not fall, with updates of up to {Percent(_largestUpdate)} of a layer's weights",
            "Lower the learning rate by ten: the steps jump from one side of the valley to the other.",
            new Dictionary<string, double>
            {
                ["loss"] = window.Mean,
                ["swing"] = window.Size,
                ["turning"] = window.Turning,
                ["updateRatio"] = _largestUpdate,
            });
}
