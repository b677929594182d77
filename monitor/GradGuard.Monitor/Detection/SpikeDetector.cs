using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9007: one batch whose loss or update is unlike all recent ones. Noise that recurs is no spike, and neither is a new level that the
/// run moves on from, as after a restart of the learning rate.
/// </summary>
internal sealed class SpikeDetector(DetectionThresholds thresholds) : IDetector
{
    private readonly SpikeSeries _losses = new(thresholds.SpikeRobustZ);
    private readonly SpikeSeries _gradients = new(thresholds.SpikeRobustZ);
    private readonly SpikeSeries _updates = new(thresholds.SpikeRobustZ);

    /// <inheritdoc/>
    public bool IsSuspicious => _losses.IsPending || _gradients.IsPending || _updates.IsPending;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        if (record.Loss is { } loss && double.IsFinite(loss) && _losses.Add(loss, record.Step) is { } inLoss)
        {
            if (inLoss.IsThrownBack)
                yield return Report(inLoss, "loss", AlertSeverity.Critical, $"stands at {Short(inLoss.Settled)} since, where it began or worse");
            else if (inLoss.CameBack)
                yield return Report(inLoss, "loss", AlertSeverity.Warning, "came back");
        }

        if (record.Clipping is { } clipping && double.IsFinite(clipping.NormBefore)
            && _gradients.Add(clipping.NormBefore, record.Step) is { CameBack: true } inGradient)
        {
            yield return Report(inGradient, "gradient norm before clipping", AlertSeverity.Warning, "came back");
        }

        if (UpdateOf(record) is { } update && _updates.Add(update, record.Step - 1) is { CameBack: true } inUpdate)
            yield return Report(inUpdate, "norm of the update", AlertSeverity.Warning, "came back");
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _losses.Persist(archive);
        _gradients.Persist(archive);
        _updates.Persist(archive);
    }

    /// <summary>Norm of the whole step's update; null where it was not read.</summary>
    private static double? UpdateOf(StepRecord record)
    {
        var squares = 0.0;
        for (var place = 0; place < record.Updates.Count; place++)
            squares += record.Updates[place].Norm * record.Updates[place].Norm;
        return squares > 0 && double.IsFinite(squares) ? Math.Sqrt(squares) : null;
    }

    private static Finding Report(Spike spike, string what, AlertSeverity severity, string after)
        => new("GG9007", severity, "",
            $"the {what} jumped to {Short(spike.Value)} at step {spike.Step}, from a median of {Short(spike.Median)} ({Short(spike.RobustZ)} robust standard deviations), and {after}",
            severity == AlertSeverity.Critical
                ? "Go back to a checkpoint from before that step, leave its batch out, clip with clip_grad_norm_ before the step, and lower the learning rate."
                : "Look at the batch of that step: corrupt or unscaled inputs, wrong labels. Clip with clip_grad_norm_, or use a Huber loss, so that one batch cannot do it.",
            new Dictionary<string, double>
            {
                ["value"] = spike.Value,
                ["median"] = spike.Median,
                ["robustZ"] = spike.RobustZ,
                ["atStep"] = spike.Step,
                ["settled"] = spike.Settled,
            });
}
