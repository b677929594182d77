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

    private readonly NamedStates<string, RobustWindow?> _history = new();
    private readonly NamedStates<string, double> _early = new();
    private readonly NamedStates<string, RobustWindow?> _updates = new();
    private readonly HashSet<string> _recurrent = [];
    private RobustWindow _losses = new(HistoryLength);
    private double _lastLoss = double.NaN;
    private bool _started;
    private string? _amplifier;
    private string? _blamed;
    private long _lastSeen;
    private readonly RepeatedSigns _signs = new();

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        TakeRecurrent(record.Layers);
        TakeRatios(record.Updates);
        if (!_started && record.HasEverything)
            (_started, _amplifier) = (true, SignalGain.Amplifier(record)?.Path);
        var found = Updates(record);
        if (record is { Sampled: true, IsFinite: true })
            found = AgainstHistory(record) ?? (record.HasEverything ? OverDepth(record) : null) ?? Activations(record) ?? found;
        _lastLoss = record.Loss ?? double.NaN;
        if (double.IsFinite(_lastLoss))
            _losses.Add(_lastLoss);
        if (found is null)
            return [];

        // An explosion soon shows in every layer: it is one fault, of the layer that showed it first.
        if (_blamed is null || record.Step - _lastSeen > Aftermath)
            _blamed = found.Layer;
        _lastSeen = record.Step;
        return found.Layer == _blamed ? [found] : [];
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _history.Persist(archive, archive.Value, history => RobustWindow.Persist(archive, history, HistoryLength));
        _early.Persist(archive, archive.Value, archive.Value);
        _updates.Persist(archive, archive.Value, ratios => RobustWindow.Persist(archive, ratios, UpdateReadings));
        archive.Items(_recurrent, archive.Value);
        _losses = RobustWindow.Persist(archive, _losses, HistoryLength);
        _lastLoss = archive.Value(_lastLoss);
        _started = archive.Value(_started);
        _amplifier = archive.Optional(_amplifier, archive.Value);
        _blamed = archive.Optional(_blamed, archive.Value);
        _lastSeen = archive.Value(_lastSeen);
        _signs.Persist(archive);
    }

    /// <summary>Notes layers that recur, whether torch or the program makes the loop.</summary>
    private void TakeRecurrent(IReadOnlyList<LayerRecord> layers)
    {
        for (var place = 0; place < layers.Count; place++)
        {
            var layer = layers[place];
            if (layer.Layer.HasWeights && RecurrenceDetector.MapsStates(layer.Layer)
                && (layer.Layer.Recurrence != RecurrenceKind.None || layer.Calls >= RecurrenceDetector.LeastSteps))
            {
                _recurrent.Add(layer.Layer.Path);
            }
        }
    }

    /// <summary>Notes the largest update of each layer over its weights. The parameters of a layer stand side by side: a model lists them module by module.</summary>
    private void TakeRatios(IReadOnlyList<UpdateRecord> updates)
    {
        for (int place = 0, next; place < updates.Count; place = next)
        {
            var layer = updates[place].Layer;
            var (largest, hasWeights) = (double.NaN, false);
            for (next = place; next < updates.Count && updates[next].Layer == layer; next++)
            {
                if (updates[next] is not { WeightNorm: > 0, Ratio: var ratio })
                    continue;
                hasWeights = true;
                if (ratio > largest || double.IsNaN(largest))
                    largest = ratio;
            }

            if (hasWeights)
                (_updates.At(place, layer) ??= new RobustWindow(UpdateReadings)).Add(largest);
        }
    }

    /// <summary>
    /// Median so far, or of the first steps where that is larger: a converged run's tiny gradients are no yardstick. Gradients that grow
    /// while the loss falls are those of a model that leaves a plateau, and learns. Of several layers a recurrent one is named, as for updates.
    /// </summary>
    private Finding? AgainstHistory(StepRecord record)
    {
        Finding? worst = null;
        var worstRank = (IsRecurrent: false, Factor: 0.0);
        var parameters = record.Parameters;
        for (int place = 0, next; place < parameters.Count; place = next)
        {
            var layer = parameters[place].Layer;
            var (squares, hasGradient) = (0.0, false);
            for (next = place; next < parameters.Count && parameters[next].Layer == layer; next++)
            {
                if (parameters[next].Gradient is not { Norm: var part })
                    continue;
                hasGradient = true;
                squares += part * part;
            }

            if (!hasGradient)
                continue;
            var norm = Math.Sqrt(squares);
            var history = _history.At(place, layer) ??= new RobustWindow(HistoryLength);
            if (history.Count == WarmUp)
                _early.At(place, layer) = history.Median;
            if (history.Count >= WarmUp)
            {
                var grown = Grown(layer, norm, history, _early.At(place, layer), record.Loss);
                if (_signs.Again(ExplosionSign.History, place, layer, grown is not null) && grown is { } growth && (_recurrent.Contains(layer), growth.Factor) is var rank
                    && rank.CompareTo(worstRank) > 0)
                {
                    worstRank = rank;
                    worst = new Finding("GG9002", AlertSeverity.Critical, layer,
                        $"the gradient norm is {Short(norm)}, {Short(growth.Factor)} times its usual {Short(growth.Baseline)}", Advice,
                        new Dictionary<string, double> { ["norm"] = norm, ["median"] = growth.Baseline, ["factor"] = growth.Factor, ["robustZ"] = growth.RobustZ });
                }
            }

            history.Add(norm);
        }

        return worst;
    }

    /// <summary>How far a layer's gradient grew, where that is an explosion: nearly every one ends at the first two signs, which sort nothing.</summary>
    private (double Baseline, double Factor, double RobustZ)? Grown(string layer, double norm, RobustWindow history, double early, double? loss)
    {
        if (norm / early < thresholds.ExplodingFactor)
            return null;
        var movesWeights = _updates.Of(layer)?.Largest >= LeastUpdate;
        if (!movesWeights || loss < _losses.Median)
            return null;
        var baseline = Math.Max(history.Median, early);
        var factor = norm / baseline;
        if (baseline <= 0 || factor < thresholds.ExplodingFactor)
            return null;
        var z = history.RobustZ(norm);
        return z >= thresholds.ExplodingRobustZ ? (baseline, factor, z) : null;
    }

    /// <summary>From the last layer to the first the gradient multiplies by more than 10^slope a layer, over three decades in all.</summary>
    private Finding? OverDepth(StepRecord record)
    {
        var depth = GradientDepth.Of(record.Layers, onlyFinite: false);
        var explodes = depth is { } seen && seen.Slope <= -thresholds.ExplodingDepthSlope
            && seen.First.Gradient!.Norm * VanishingGradientDetector.VanishedFactor > seen.Last.Gradient!.Norm;
        if (!_signs.Again(ExplosionSign.Depth, 0, "", explodes) || depth is not var (first, last, layers, slope) || !explodes)
            return null;
        var factor = first.Gradient!.Norm / last.Gradient!.Norm;
        return new Finding("GG9002", AlertSeverity.Critical, first.Layer.Path,
            $"the gradient grows {Short(Math.Pow(10, -slope))} times per layer on its way back, {Short(factor)} times from '{last.Layer.Path}' to '{first.Layer.Path}'",
            Advice, new Dictionary<string, double> { ["slope"] = -slope, ["factor"] = factor, ["layers"] = layers });
    }

    /// <summary>A hidden activation beyond all proportion: the same product makes the gradient explode on its way back.</summary>
    private Finding? Activations(StepRecord record)
    {
        var scale = Math.Max(1, record.InputRms ?? 1);
        for (var place = 0; place < record.Layers.Count; place++)
        {
            var layer = record.Layers[place];
            var hidden = layer.ComputedInput?.Rms ?? (layer.IsFinal ? 0 : layer.Output?.Rms ?? 0);
            var path = _amplifier ?? (layer.ComputedInput is null ? layer.BlamedPath : (layer.Before ?? layer.Layer).Path);
            var growth = hidden / (ActivationGrowth * scale);
            if (!_signs.Again(ExplosionSign.Activation, place, path, growth > 1) && growth < AtOnce)
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
        List<(UpdateRecord Update, bool Again)>? overturned = null;
        for (var place = 0; place < record.Updates.Count; place++)
        {
            var update = record.Updates[place];
            if (update.Dimensions < 2 || !(update.WeightNorm > LeastWeightRms * Math.Sqrt(update.Count)))
                continue;
            var overturns = update.Ratio >= 1;
            var again = _signs.Again(ExplosionSign.Update, place, update.Name, overturns);
            if (overturns)
                (overturned ??= []).Add((update, again));
        }

        var jumped = _amplifier is not null && record.Loss > LossJump * _lastLoss;
        if (overturned?.Exists(shown => shown.Again || jumped || shown.Update.Ratio > AtOnce) is not true)
            return null;
        var worst = overturned.Select(static shown => shown.Update)
            .OrderByDescending(update => _recurrent.Contains(update.Layer)).ThenByDescending(static update => update.Ratio).First();
        return new Finding("GG9002", AlertSeverity.Critical, _amplifier ?? worst.Layer,
            $"one update of {worst.Name} is {Short(worst.Ratio)} times as large as the weights themselves", Advice,
            new Dictionary<string, double> { ["updateRatio"] = worst.Ratio, ["weightNorm"] = worst.WeightNorm });
    }
}
