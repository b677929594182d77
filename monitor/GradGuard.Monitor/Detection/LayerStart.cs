using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>What the first batches show of a layer with weights and of the activation behind it.</summary>
internal sealed class LayerStart(LayerDescription layer)
{
    private double? _saturatedShare;
    private bool[]? _active;

    public LayerDescription Layer => layer;

    /// <summary>Standard deviation of its output in the first batch.</summary>
    public double? Std { get; private set; }

    /// <summary>Root mean square of the gradient by its output in the first batch.</summary>
    public double? GradientRms { get; private set; }

    /// <summary>First true update over the norm of its weights.</summary>
    public double? UpdateRatio { get; set; }

    /// <summary>Takes a record of the layer itself, or of a module that it feeds.</summary>
    public void Take(LayerRecord record)
    {
        if (record.Layer.HasWeights)
        {
            GradientRms ??= record.Gradient?.Rms;
            Std ??= record.Output?.Std;
            return;
        }

        if (record is { IsFinal: false, Output.SaturatedShare: >= 0 })
            _saturatedShare ??= record.Output.SaturatedShare;
        if (record is not { Layer.Activation: ActivationKind.Rectifier, Units: { } units })
            return;
        _active ??= new bool[units.Active.Length];
        for (var unit = 0; unit < Math.Min(_active.Length, units.Active.Length); unit++)
            _active[unit] |= units.Active[unit] > 0;
    }

    /// <summary>True when its pre-activations are out of all proportion to the input.</summary>
    public bool IsOutOfScale(double? inputRms)
        => Std > PreflightDetector.LargeStd * Math.Max(1, inputRms ?? 1)
            || (Std > 0 && Std < PreflightDetector.SmallStd * Math.Min(1, inputRms ?? 1));

    /// <summary>True when most of what it feeds is saturated.</summary>
    public bool IsSaturated(DetectionThresholds thresholds) => _saturatedShare > thresholds.SaturatedShare;

    /// <summary>The layer's entry in the report.</summary>
    /// <param name="thresholds">Where saturation and death begin.</param>
    /// <param name="inputRms">Root mean square of the model's input.</param>
    /// <param name="gradientRatio">Its gradient over that of the last layer.</param>
    /// <param name="predicted">What the code predicts of it.</param>
    public PreflightLayer Report(DetectionThresholds thresholds, double? inputRms, double? gradientRatio, PreflightPrediction? predicted)
    {
        double? dead = _active is { Length: > 0 } ? _active.Count(static active => !active) / (double)_active.Length : null;
        return new PreflightLayer
        {
            Layer = layer.Path,
            Type = layer.ShortType,
            PreActivationStd = Std,
            SaturatedShare = _saturatedShare,
            DeadShare = dead,
            GradientRms = GradientRms,
            GradientRatio = gradientRatio,
            UpdateRatio = UpdateRatio,
            Predicted = predicted,
            Problem = IsOutOfScale(inputRms) ? $"pre-activations of std {Short(Std!.Value)}"
                : IsSaturated(thresholds) ? $"{Percent(_saturatedShare!.Value)} of what it feeds is saturated"
                : dead > thresholds.DeadUnitShare ? $"{Percent(dead.Value)} of its units were active for no sample"
                : null,
        };
    }
}
