using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9010: the state that training begins in. Makes one report of the first batches, and a finding where a signal starts out of all
/// proportion to the input. Saturated and dead units are in the report; GG9005 and GG9004 speak of them once they last.
/// </summary>
/// <param name="thresholds">Where saturation and death begin.</param>
/// <param name="predictions">What the code predicts of each layer; null where it was not asked, or not understood.</param>
internal sealed class PreflightDetector(DetectionThresholds thresholds, IReadOnlyList<LayerPrediction>? predictions = null) : IDetector
{
    /// <summary>Steps the report looks at: those that are read without exception.</summary>
    public const int Steps = 10;

    /// <summary>A pre-activation this many times over the input's RMS, or over 1: every usual initializer keeps it within ten.</summary>
    public const double LargeStd = 100;

    /// <summary>A pre-activation under this share of the input's RMS, but not zero: zero is how residual tails are meant to start.</summary>
    public const double SmallStd = 1e-4;

    private readonly Dictionary<string, LayerStart> _layers = [];
    private IReadOnlyList<ParameterRecord> _parameters = [];
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
        if (record is { HasEverything: true, IsFinite: true })
            Take(record);
        if (record.Step + 1 < Steps || _batches == 0)
            yield break;
        _done = true;
        LayerStart[] starts = [.. _layers.Values];
        var applying = predictions is null ? null : new PreflightPredictions(predictions, [.. starts.Select(static start => start.Layer)], _parameters);
        Report = MakeReport(starts, applying);
        if (Array.Find(starts, start => start.IsOutOfScale(_inputRms) && !start.IsSaturated(thresholds)) is { } poor)
            yield return OutOfScale(poor, applying?.Of(poor.Layer.Path)?.Std);
    }

    /// <inheritdoc/>
    /// <remarks>A run that goes on has its start behind it: the report stays with the part that made it.</remarks>
    public void Persist(StateArchive archive) => _done = archive.Value(_done);

    private void Take(StepRecord record)
    {
        if (_batches++ == 0)
            (_inputRms, _loss, _parameters) = (record.InputRms, record.Loss, record.Parameters);
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

    private PreflightReport MakeReport(LayerStart[] starts, PreflightPredictions? applying)
    {
        var last = starts.Length > 0 ? starts[^1].GradientRms : null;
        return new PreflightReport
        {
            Batches = _batches,
            InputRms = _inputRms,
            Loss = _loss,
            Layers = [.. starts.Select(start => start.Report(
                thresholds, _inputRms, last > 0 ? start.GradientRms / last : null, Predicted(start.Layer.Path, applying)))],
            Remark = applying is null ? null
                : applying.BuiltOtherwise is { } otherwise ? $"nothing is predicted, as the model was built otherwise than by its constructor's default arguments: {otherwise}"
                : PreflightParting.Of(applying, starts, _parameters, _inputRms),
        };
    }

    private static PreflightPrediction? Predicted(string path, PreflightPredictions? applying)
    {
        if (applying?.Of(path) is not { } prediction)
            return null;
        var predicted = new PreflightPrediction
        {
            PreActivationStd = prediction.Std,
            SaturatedShare = prediction.SaturatedShare,
            DeadShare = prediction.DeadShare,
            GradientRatio = applying.GradientRatio(path),
        };
        return predicted is { PreActivationStd: null, SaturatedShare: null, DeadShare: null, GradientRatio: null } ? null : predicted;
    }

    private Finding OutOfScale(LayerStart poor, double? predicted)
    {
        var fanIn = poor.Layer.FanIn is { } known ? $" (fan-in {known})" : "";
        var beside = predicted is { } std ? $" ({Short(std)} by the code's prediction)" : "";
        var evidence = new Dictionary<string, double> { ["std"] = poor.Std!.Value, ["inputRms"] = _inputRms ?? double.NaN, ["gradientRms"] = poor.GradientRms ?? double.NaN };
        if (predicted is not null)
            evidence["predictedStd"] = predicted.Value;
        return new Finding("GG9010", AlertSeverity.Info, poor.Layer.Path,
            $"it starts with pre-activations of std {Short(poor.Std.Value)}{beside} from an input of RMS {Short(_inputRms ?? double.NaN)}",
            $"Start the layer{fanIn} at a scale of 1/√fan-in (kaiming_normal_ before ReLU, xavier_uniform_ otherwise), or put a norm layer before it.",
            evidence);
    }
}
