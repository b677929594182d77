using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9002: gradients explode, by any of four signs: against their own history, from layer to layer, by updates larger than the
/// weights they change, or with activations that grew out of all proportion to the input.
/// </summary>
internal sealed class ExplodingGradientDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Sampled steps the robust statistics look back over.</summary>
    public const int HistoryLength = 128;

    /// <summary>Sampled steps before history says anything.</summary>
    public const int WarmUp = 16;

    /// <summary>Of the last five sampled steps, those that must show the sign: one corrupted batch is a spike (GG9007).</summary>
    public const int Repeats = 3;

    /// <summary>Growth of a hidden activation over the input's RMS, or over 1 where that is smaller, beyond any normalised network's.</summary>
    public const double ActivationGrowth = 1e4;

    /// <summary>Weights smaller than this RMS have just left zero: their updates are large beside them, and should be.</summary>
    public const double LeastWeightRms = 1e-3;

    /// <summary>A sign this many times over its limit is reported at once: the next update may end in NaN.</summary>
    public const double AtOnce = 100;

    /// <summary>
    /// Loss after an update over the loss before, from which an update as large as the weights is reported at once where a layer started
    /// too large. Without one it is the learning rate's doing (GG9006).
    /// </summary>
    public const double LossJump = 10;

    /// <summary>Steps without a sign after which an explosion counts as over.</summary>
    public const long Aftermath = 500;

    /// <summary>
    /// A larger gradient is an explosion only where it moves the weights by this share of their size: one that grows from next to nothing, as
    /// when a model leaves a plateau, harms nobody, nor does one that the optimizer divides by its own size.
    /// </summary>
    public const double LeastUpdate = 0.03;

    /// <summary>Readings of updates that are looked back over for that.</summary>
    public const int UpdateReadings = 5;

    private const string Advice =
        "Clip with clip_grad_norm_ before the step, lower the learning rate, and start the weights at a scale of 1/√fan-in (kaiming_normal_, xavier_uniform_; orthogonal_ for recurrent ones).";

    private readonly Dictionary<string, RobustWindow> _history = [];
    private readonly Dictionary<string, double> _early = [];
    private readonly Dictionary<string, RobustWindow> _updates = [];
    private readonly HashSet<string> _recurrent = [];
    private RobustWindow _losses = new(HistoryLength);
    private double _lastLoss = double.NaN;
    private bool _started;
    private string? _amplifier;
    private string? _blamed;
    private long _lastSeen;
    private readonly Dictionary<(string Sign, string Layer), Recent> _recent = [];

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        foreach (var layer in record.Layers.Where(static layer => layer.Layer.HasWeights && RecurrenceDetector.MapsStates(layer.Layer)
            && (layer.Layer.Recurrence != RecurrenceKind.None || layer.Calls >= RecurrenceDetector.LeastSteps)))
        {
            _recurrent.Add(layer.Layer.Path);
        }

        foreach (var layer in record.Updates.Where(static update => update is { WeightNorm: > 0 }).GroupBy(static update => update.Layer))
        {
            if (!_updates.TryGetValue(layer.Key, out var ratios))
                _updates[layer.Key] = ratios = new RobustWindow(UpdateReadings);
            ratios.Add(layer.Max(static update => update.Ratio));
        }

        if (!_started && record.HasEverything)
            (_started, _amplifier) = (true, SignalGain.Amplifier(record)?.Path);
        var found = Updates(record);
        if (record is { Sampled: true, IsFinite: true })
            found = AgainstHistory(record) ?? (record.HasEverything ? OverDepth(record) : null) ?? Activations(record) ?? found;
        _lastLoss = record.Loss ?? double.NaN;
        if (double.IsFinite(_lastLoss))
            _losses.Add(_lastLoss);
        if (found is null)
            yield break;

        // An explosion soon shows in every layer: it is one fault, of the layer that showed it first.
        if (_blamed is null || record.Step - _lastSeen > Aftermath)
            _blamed = found.Layer;
        _lastSeen = record.Step;
        if (found.Layer == _blamed)
            yield return found;
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        archive.Items(_history, archive.Value, history => RobustWindow.Persist(archive, history, HistoryLength));
        archive.Items(_early, archive.Value, archive.Value);
        archive.Items(_updates, archive.Value, ratios => RobustWindow.Persist(archive, ratios, UpdateReadings));
        archive.Items(_recurrent, archive.Value);
        _losses = RobustWindow.Persist(archive, _losses, HistoryLength);
        _lastLoss = archive.Value(_lastLoss);
        _started = archive.Value(_started);
        _amplifier = archive.Optional(_amplifier, archive.Value);
        _blamed = archive.Optional(_blamed, archive.Value);
        _lastSeen = archive.Value(_lastSeen);
        archive.Items(_recent, key => (archive.Value(key.Sign), archive.Value(key.Layer)), recent => Recent.Persist(archive, recent));
    }

    /// <summary>
    /// Median so far, or of the first steps where that is larger: a converged run's tiny gradients are no yardstick. Gradients that grow
    /// while the loss falls are those of a model that leaves a plateau, and learns. Of several layers a recurrent one is named, as for updates.
    /// </summary>
    private Finding? AgainstHistory(StepRecord record)
    {
        Finding? worst = null;
        var worstRank = (IsRecurrent: false, Factor: 0.0);
        foreach (var layer in record.Parameters.Where(static parameter => parameter.Gradient is not null).GroupBy(static parameter => parameter.Layer))
        {
            var norm = Math.Sqrt(layer.Sum(static parameter => parameter.Gradient!.Norm * parameter.Gradient.Norm));
            if (!_history.TryGetValue(layer.Key, out var history))
                _history[layer.Key] = history = new RobustWindow(HistoryLength);
            if (history.Count == WarmUp)
                _early[layer.Key] = history.Median;
            if (history.Count >= WarmUp)
            {
                var grown = Grown(layer.Key, norm, history, record.Loss);
                if (Again("history", layer.Key, grown is not null) && grown is { } growth && (_recurrent.Contains(layer.Key), growth.Factor) is var rank
                    && rank.CompareTo(worstRank) > 0)
                {
                    worstRank = rank;
                    worst = new Finding("GG9002", AlertSeverity.Critical, layer.Key,
                        $"the gradient norm is {Short(norm)}, {Short(growth.Factor)} times its usual {Short(growth.Baseline)}", Advice,
                        new Dictionary<string, double> { ["norm"] = norm, ["median"] = growth.Baseline, ["factor"] = growth.Factor, ["robustZ"] = growth.RobustZ });
                }
            }

            history.Add(norm);
        }

        return worst;
    }

    /// <summary>How far a layer's gradient grew, where that is an explosion: nearly every one ends at the first two signs, which sort nothing.</summary>
    private (double Baseline, double Factor, double RobustZ)? Grown(string layer, double norm, RobustWindow history, double? loss)
    {
        var movesWeights = _updates.GetValueOrDefault(layer)?.Largest >= LeastUpdate;
        if (!movesWeights || norm / _early[layer] < thresholds.ExplodingFactor || loss < _losses.Median)
            return null;
        var baseline = Math.Max(history.Median, _early[layer]);
        var factor = norm / baseline;
        if (baseline <= 0 || factor < thresholds.ExplodingFactor)
            return null;
        var z = history.RobustZ(norm);
        return z >= thresholds.ExplodingRobustZ ? (baseline, factor, z) : null;
    }

    /// <summary>From the last layer to the first the gradient multiplies by more than 10^slope a layer, over three decades in all.</summary>
    private Finding? OverDepth(StepRecord record)
    {
        var layers = record.Layers
            .Where(static layer => layer.Layer is { HasWeights: true, Recurrence: RecurrenceKind.None } && layer.Gradient is { Norm: > 0 })
            .ToList();
        var slope = LogSlope.Of([.. layers.Select(static layer => layer.Gradient!.Norm)], VanishingGradientDetector.LeastLayers)?.Slope;
        var explodes = slope <= -thresholds.ExplodingDepthSlope
            && layers[0].Gradient!.Norm * VanishingGradientDetector.VanishedFactor > layers[^1].Gradient!.Norm;
        if (!Again("depth", "", explodes) || !explodes)
            return null;
        var factor = layers[0].Gradient!.Norm / layers[^1].Gradient!.Norm;
        return new Finding("GG9002", AlertSeverity.Critical, layers[0].Layer.Path,
            $"the gradient grows {Short(Math.Pow(10, -slope!.Value))} times per layer on its way back, {Short(factor)} times from '{layers[^1].Layer.Path}' to '{layers[0].Layer.Path}'",
            Advice, new Dictionary<string, double> { ["slope"] = -slope.Value, ["factor"] = factor, ["layers"] = layers.Count });
    }

    /// <summary>A hidden activation beyond all proportion: the same product makes the gradient explode on its way back.</summary>
    private Finding? Activations(StepRecord record)
    {
        var scale = Math.Max(1, record.InputRms ?? 1);
        foreach (var layer in record.Layers)
        {
            var hidden = layer.ComputedInput?.Rms ?? (layer.IsFinal ? 0 : layer.Output?.Rms ?? 0);
            var path = _amplifier ?? (layer.ComputedInput is null ? layer.BlamedPath : (layer.Before ?? layer.Layer).Path);
            var growth = hidden / (ActivationGrowth * scale);
            if (!Again("activation", path, growth > 1) && growth < AtOnce)
                continue;
            return new Finding("GG9002", AlertSeverity.Critical, path,
                $"activations reach an RMS of {Short(hidden)} from an input of {Short(record.InputRms ?? double.NaN)}: the gradient is multiplied as much on its way back",
                Advice, new Dictionary<string, double> { ["rms"] = hidden, ["inputRms"] = record.InputRms ?? double.NaN });
        }

        return null;
    }

    /// <summary>
    /// Updates that overturn the weights. A recurrent layer among several is the one to name: its product, taken once a time step,
    /// makes the gradients of its neighbours large as well. So does a layer whose weights start far too large.
    /// </summary>
    private Finding? Updates(StepRecord record)
    {
        var overturned = record.Updates
            .Where(static update => update.Dimensions >= 2 && update.WeightNorm > LeastWeightRms * Math.Sqrt(update.Count))
            .Select(update => (Update: update, Again: Again("update", update.Name, update.Ratio >= 1)))
            .Where(static shown => shown.Update.Ratio >= 1)
            .ToList();
        var jumped = _amplifier is not null && record.Loss > LossJump * _lastLoss;
        if (!overturned.Exists(shown => shown.Again || jumped || shown.Update.Ratio > AtOnce))
            return null;
        var worst = overturned.Select(static shown => shown.Update)
            .OrderByDescending(update => _recurrent.Contains(update.Layer)).ThenByDescending(static update => update.Ratio).First();
        return new Finding("GG9002", AlertSeverity.Critical, _amplifier ?? worst.Layer,
            $"one update of {worst.Name} is {Short(worst.Ratio)} times as large as the weights themselves", Advice,
            new Dictionary<string, double> { ["updateRatio"] = worst.Ratio, ["weightNorm"] = worst.WeightNorm });
    }

    private bool Again(string sign, string layer, bool shown)
    {
        if (!_recent.TryGetValue((sign, layer), out var recent))
            _recent[(sign, layer)] = recent = new Recent();
        return recent.Add(shown) && shown;
    }

    private sealed class Recent
    {
        private const int Length = 5;
        private readonly Queue<bool> _shown = new(Length);

        public static Recent Persist(StateArchive archive, Recent? recent)
        {
            recent ??= new Recent();
            archive.Items(recent._shown, archive.Value);
            return recent;
        }

        public bool Add(bool shown)
        {
            if (_shown.Count == Length)
                _shown.Dequeue();
            _shown.Enqueue(shown);
            return _shown.Count(static value => value) >= Repeats;
        }
    }
}
