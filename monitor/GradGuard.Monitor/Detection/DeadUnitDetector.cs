using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9004: units of a rectifier that were active for no sample of a window of batches. A zero is no dead unit: half of a healthy
/// ReLU's outputs are zero, and a sparse unit fires for somebody.
/// </summary>
internal sealed class DeadUnitDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Positions a unit must have been seen at: over 500, one that fires for 1% stays silent by chance in 0.7% of windows.</summary>
    public const long LeastPositions = 500;

    /// <summary>Batches after which a silent majority of units is a sign.</summary>
    public const int SignBatches = 5;

    private readonly NamedStates<(string Layer, string? Source, bool IsInput), History?> _layers = new();

    /// <inheritdoc/>
    public bool IsSuspicious
    {
        get
        {
            foreach (ref readonly var entry in _layers.All)
            {
                if (entry.State!.IsSign(thresholds))
                    return true;
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        for (var place = 0; place < record.Layers.Count; place++)
        {
            var layer = record.Layers[place];
            if (layer.Layer.Activation == ActivationKind.Rectifier && layer.Units is { } units)
            {
                var name = layer.Source is { } source ? source.Path : layer.Layer.Path;
                if (Judge(2 * place, (layer.Layer.Path, layer.Source?.Path, false), units) is { } dead)
                    yield return Report(dead, name, layer.Source, $"ReLU '{layer.Layer.Path}'");
            }

            if (layer is { ComputedInput: { } input, ComputedInputUnits: { } inputUnits })
            {
                var key = (layer.Layer.Path, layer.Source?.Path, true);
                if (!IsRectified(input))
                    _layers.At((2 * place) + 1, key) = History.NotARectifier;
                else if (Judge((2 * place) + 1, key, inputUnits) is { } dead)
                    yield return Report(dead, BlamedFor(layer, inputUnits), layer.Before, $"rectifier before '{layer.Layer.Path}'");
            }
        }
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
        => _layers.Persist(
            archive, key => (archive.Value(key.Layer), archive.Optional(key.Source, archive.Value), archive.Value(key.IsInput)),
            history => History.Persist(archive, history));

    /// <summary>Values that are never negative and often exactly zero were rectified, whoever did it.</summary>
    private static bool IsRectified(TensorFigures values) => values is { NonFinite: 0, Min: 0, ZeroShare: > 0 };

    /// <summary>The layer called before, when the width says that the values are its own.</summary>
    private static string BlamedFor(LayerRecord consumer, UnitActivity units)
        => consumer.Before is { } before && (before.Units is not { } width || units.Active.Length % width == 0)
            ? before.Path
            : consumer.Layer.Path;

    private Dead? Judge(int place, (string, string?, bool) key, UnitActivity units)
    {
        ref var history = ref _layers.At(place, key);
        if (history is null || (history.LastActive.Length != units.Active.Length && history.Rectifies))
            history = new History(new long[units.Active.Length]);
        return history.Rectifies ? history.Add(units, thresholds) : null;
    }

    private Finding Report(Dead dead, string layer, LayerDescription? source, string activation)
    {
        var severity = dead.Share > thresholds.DeadUnitCriticalShare ? AlertSeverity.Critical
            : dead.Units > MostByChance(dead.Of) ? AlertSeverity.Warning : AlertSeverity.Info;
        var fanIn = source?.FanIn is { } known ? $" (fan-in {known})" : "";
        return new Finding("GG9004", severity, layer,
            $"{dead.Units} of {dead.Of} units ({Percent(dead.Share)}) of the {activation} were active for no sample in {dead.Batches} batches: no gradient reaches them",
            $"Start the layer{fanIn} with kaiming_normal_ weights and a zero bias, lower the learning rate, or use LeakyReLU or PReLU, whose units can recover.",
            new Dictionary<string, double>
            {
                ["deadShare"] = dead.Share,
                ["deadUnits"] = dead.Units,
                ["units"] = dead.Of,
                ["batches"] = dead.Batches,
            });
    }

    /// <summary>
    /// The share that is harmless, and one standard deviation of what chance makes of it: of n units that each die with probability p, n·p die and √(n·p·(1 − p)) more or fewer (binomial law).
    /// Of networks with 32 to 48 units a layer that learned as they should, some had just over half silent for a window of 20 steps in a row (<c>benchmarks detection --sample-every 1</c>).
    /// </summary>
    private double MostByChance(int units)
    {
        var share = thresholds.DeadUnitShare;
        return (share * units) + Math.Sqrt(units * share * (1 - share));
    }

    private sealed record Dead(int Units, int Of, long Batches)
    {
        public double Share => (double)Units / Of;
    }

    private sealed class History(long[] lastActive)
    {
        public static readonly History NotARectifier = new([]) { Rectifies = false };
        private long _batches;
        private long _positions;

        public bool Rectifies { get; private init; } = true;

        /// <summary>The last batch, counted from 1, in which each unit was active; 0 for never.</summary>
        public long[] LastActive { get; } = lastActive;

        public static History Persist(StateArchive archive, History? history)
        {
            var rectifies = archive.Value(history?.Rectifies ?? true);
            var units = archive.Value(history?.LastActive.Length ?? 0);
            history ??= rectifies ? new History(new long[units]) : NotARectifier;
            for (var unit = 0; unit < history.LastActive.Length; unit++)
                history.LastActive[unit] = archive.Value(history.LastActive[unit]);
            history._batches = archive.Value(history._batches);
            history._positions = archive.Value(history._positions);
            return history;
        }

        public bool IsSign(DetectionThresholds thresholds)
            => _batches >= SignBatches && _batches < thresholds.DeadUnitWindow
                && LastActive.Count(static last => last == 0) > thresholds.DeadUnitShare * LastActive.Length;

        public Dead? Add(UnitActivity units, DetectionThresholds thresholds)
        {
            _batches++;
            _positions += units.Positions;
            for (var unit = 0; unit < LastActive.Length; unit++)
            {
                if (units.Active[unit] > 0)
                    LastActive[unit] = _batches;
            }

            var window = Math.Max(thresholds.DeadUnitWindow, (long)Math.Ceiling((double)LeastPositions * _batches / _positions));
            if (_batches < window)
                return null;
            var dead = 0;
            foreach (var last in LastActive)
                dead += _batches - last >= window ? 1 : 0;
            return dead > thresholds.DeadUnitShare * LastActive.Length ? new Dead(dead, LastActive.Length, window) : null;
        }
    }
}
