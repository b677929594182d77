using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor;

/// <summary>Says what a run's silence proves nothing about.</summary>
internal static class Coverage
{
    /// <summary>Lists what was not judged, and why.</summary>
    public static IReadOnlyList<NotEvaluated> NotEvaluated(StepReader reader, DetectionThresholds thresholds, long sampledSteps, bool faulted)
    {
        var missing = new List<NotEvaluated>();
        if (faulted)
            missing.Add(new NotEvaluated("", "the monitor stopped after an internal fault"));
        if (sampledSteps < thresholds.DeadUnitWindow)
            missing.Add(new NotEvaluated("", $"{sampledSteps} steps were read: dead units need {thresholds.DeadUnitWindow}"));
        if (reader.OverflowedSteps > 0)
            missing.Add(new NotEvaluated("", $"in {reader.OverflowedSteps} steps the forward passes between two observations outgrew what is held"));
        foreach (var layer in reader.Layers.Where(static layer => layer.IsLeaf))
        {
            if (!reader.IsHooked(layer))
                missing.Add(new NotEvaluated(layer.Description.Path, "it has no call that hooks can listen to"));
            else if (!layer.Called)
                missing.Add(new NotEvaluated(layer.Description.Path, "it was never run through call(): forward() skips hooks"));
            else if (layer.Description.Recurrence is RecurrenceKind.Plain or RecurrenceKind.Gated)
                missing.Add(new NotEvaluated(layer.Description.Path, "its gates and states between time steps are inside one native call: only its input's gradient through time is seen"));
        }

        if (reader.Layers.Any(static layer => layer.Description.HasWeights)
            && !reader.Layers.Any(static layer => layer.Description.Activation != ActivationKind.None))
        {
            missing.Add(new NotEvaluated("", "no activation is a module of its own: dead units and saturated sigmoids are judged by what the next layer receives, a saturated tanh is not seen"));
        }

        return missing;
    }
}
