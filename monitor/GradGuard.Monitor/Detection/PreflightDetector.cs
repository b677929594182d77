using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9010: the state that training begins in. Makes one report of the first batches, and a finding where a signal starts out of all
/// proportion to the input. Saturated and dead units are in the report; GG9005 and GG9004 speak of them once they last.
/// </summary>
internal sealed class PreflightDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Steps the report looks at: those that are read without exception.</summary>
    public const int Steps = 10;

    /// <summary>A pre-activation this many times over the input's RMS, or over 1: every usual initializer keeps it within ten.</summary>
    public const double LargeStd = 100;

    /// <summary>A pre-activation under this share of the input's RMS, but not zero: zero is how residual tails are meant to start.</summary>
    public const double SmallStd = 1e-4;

    private readonly Dictionary<string, LayerStart> _layers = [];
    private double? _inputRms;
    private double? _loss;
    private int _batches;
    private bool _done;

    /// <summary>The report; null until the first batches have been seen.</summary>
    public PreflightReport? Report { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        if (_done)
            yield break;
        if (record is { Sampled: true, IsFinite: true })
            Take(record);
        if (record.Step + 1 < Steps || _batches == 0)
            yield break;
        _done = true;
        Report = new PreflightReport
        {
            Batches = _batches,
            InputRms = _inputRms,
            Loss = _loss,
            Layers = [.. _layers.Values.Select(start => start.Report(thresholds, _inputRms))],
        };
        if (_layers.Values.FirstOrDefault(start => start.IsOutOfScale(_inputRms) && !start.IsSaturated(thresholds)) is { } poor)
            yield return OutOfScale(poor);
    }

    /// <inheritdoc/>
    /// <remarks>A run that goes on has its start behind it: the report stays with the part that made it.</remarks>
    public void Persist(StateArchive archive) => _done = archive.Value(_done);

    private void Take(StepRecord record)
    {
        if (_batches++ == 0)
            (_inputRms, _loss) = (record.InputRms, record.Loss);
        foreach (var layer in record.Layers)
        {
            if (layer.Source is not { HasWeights: true } source)
                continue;
            if (!_layers.TryGetValue(source.Path, out var start))
                _layers[source.Path] = start = new LayerStart(source);
            start.Take(layer);
        }

        foreach (var update in record.Updates.Where(static update => update is { Dimensions: >= 2, WeightNorm: > 0 }))
        {
            if (_layers.TryGetValue(update.Layer, out var start))
                start.UpdateRatio ??= update.Ratio;
        }
    }

    private Finding OutOfScale(LayerStart poor)
    {
        var fanIn = poor.Layer.FanIn is { } known ? $" (fan-in {known})" : "";
        return new Finding("GG9010", AlertSeverity.Info, poor.Layer.Path,
            $"it starts with pre-activations of std {Short(poor.Std!.Value)} from an input of RMS {Short(_inputRms ?? double.NaN)}",
            $"Start the layer{fanIn} at a scale of 1/√fan-in (kaiming_normal_ before ReLU, xavier_uniform_ otherwise), or put a norm layer before it.",
            new Dictionary<string, double> { ["std"] = poor.Std.Value, ["inputRms"] = _inputRms ?? double.NaN, ["gradientRms"] = poor.GradientRms ?? double.NaN });
    }
}
