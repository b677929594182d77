using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Instrumentation;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor;

/// <summary>Says what a run's silence proves nothing about.</summary>
internal static class Coverage
{
    /// <summary>What of the model's code could be seen beyond hooks.</summary>
    public static CodeCoverage OfCode(StepReader reader)
    {
        var code = InstrumentedCode.Of(reader.Layers);
        var seen = reader.Activations.Select(static activation => activation.Place).ToHashSet();
        return new CodeCoverage
        {
            ForwardCalls = code.ForwardCalls,
            Activations = code.Activations.Count,
            ActivationsSeen = code.Activations.Count(seen.Contains),
            Hidden = code.Hidden,
        };
    }

    /// <summary>Lists what was not judged, and why.</summary>
    public static IReadOnlyList<NotEvaluated> NotEvaluated(StepReader reader, DetectionThresholds thresholds, long steps, long sampledSteps, bool faulted, double? undeclaredScale)
    {
        var missing = new List<NotEvaluated>();
        if (faulted)
            missing.Add(new NotEvaluated("", "the monitor stopped after an internal fault"));
        if (sampledSteps < thresholds.DeadUnitWindow)
            missing.Add(new NotEvaluated("", $"{sampledSteps} steps were read: dead units need {thresholds.DeadUnitWindow}"));
        if (steps < thresholds.StuckPatience)
            missing.Add(new NotEvaluated("", $"{steps} steps were observed: a loss that does not move needs {thresholds.StuckPatience}"));
        if (undeclaredScale is { } scale)
            missing.Add(new NotEvaluated("", $"the loss looks multiplied by {scale:0} before backward: set LossScale, so that gradients by activations are recorded without it"));
        if (reader.OverflowedSteps > 0)
            missing.Add(new NotEvaluated("", $"in {reader.OverflowedSteps} steps the forward passes between two observations outgrew what is held"));
        var isInstrumented = InstrumentedCode.Of(reader.Layers).IsComplete;
        foreach (var layer in reader.Layers.Where(static layer => layer.IsLeaf))
        {
            if (!layer.Called)
                missing.Add(new NotEvaluated(layer.Description.Path, NotCalled(reader.IsHooked(layer), isInstrumented)));
            else if (layer.Description.Recurrence is RecurrenceKind.Plain or RecurrenceKind.Gated)
                missing.Add(new NotEvaluated(layer.Description.Path, "its gates and states between time steps are inside one native call: only its input's gradient through time is seen"));
        }

        if (reader.Layers.Any(static layer => layer.Description.HasWeights)
            && !reader.Layers.Concat(reader.Activations.Select(static activation => activation.Layer)).Any(static layer => layer.Description.Activation != ActivationKind.None))
        {
            missing.Add(new NotEvaluated("", "no activation was seen: dead units and saturated sigmoids are judged by what the next layer receives, a saturated tanh is not"));
        }

        return missing;
    }

    private static string NotCalled(bool isHooked, bool isInstrumented) => (isHooked, isInstrumented) switch
    {
        (_, true) => "it never ran, or ran where neither hooks nor interceptors reach",
        (true, false) => "it was never run through call(): forward() skips hooks, unless the project sets GradGuardInstrument",
        (false, false) => "it has no call that hooks can listen to: the project has to set GradGuardInstrument",
    };
}
