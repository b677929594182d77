using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor;

/// <summary>How far a run went.</summary>
/// <param name="Steps">Steps observed.</param>
/// <param name="Reads">Steps read.</param>
/// <param name="HasPreflight">True when this monitor saw the start of training.</param>
/// <param name="IsFaulted">True when the monitor stopped after a fault of its own.</param>
/// <param name="UndeclaredScale">Factor that the loss seems to be multiplied by without having been declared.</param>
internal sealed record RunExtent(long Steps, ReadingCounts Reads, bool HasPreflight, bool IsFaulted, double? UndeclaredScale);

/// <summary>The detectors that cannot have spoken on the whole model, because the run was too short or too little of it was seen.</summary>
internal static class RunCoverage
{
    /// <summary>The detectors that a fault of the monitor silences: all but GG9013, which told of it.</summary>
    private static readonly string[] All =
        [.. Enumerable.Range(9001, 12).Select(static number => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"GG{number}"))];

    /// <summary>The detectors that judge what the forward pass left behind.</summary>
    private static readonly string[] OfForwardPass = ["GG9001", "GG9003", "GG9004", "GG9005", "GG9009"];

    /// <summary>An entry a detector and reason.</summary>
    public static IEnumerable<NotEvaluated> NotEvaluated(StepReader reader, RunExtent extent, DetectionThresholds thresholds)
    {
        if (extent.IsFaulted)
            return All.Select(static id => Whole(id, "the monitor stopped after an internal fault"));
        return [.. TooShort(extent, thresholds, Patience(reader, thresholds)), .. TooLittle(reader, extent)];
    }

    private static IEnumerable<NotEvaluated> TooShort(RunExtent extent, DetectionThresholds thresholds, long patience)
    {
        (string Id, long Seen, long Needed, string Unit, string What)[] needs =
        [
            ("GG9002", extent.Reads.Sampled, ExplodingGradientDetector.WarmUp + 1, "read", "a gradient that grows from step to step"),
            ("GG9003", extent.Reads.Everything, VanishingGradientDetector.Window, "read", "a vanishing gradient"),
            ("GG9004", extent.Reads.WithActivations, thresholds.DeadUnitWindow, "read", "dead units"),
            ("GG9005", extent.Reads.WithActivations, thresholds.SaturatedWindow, "read", "saturated activations"),
            ("GG9006", extent.Steps, UpdateRatioDetector.SmallSteps, "observed", "updates that stay small"),
            ("GG9007", extent.Steps, SpikeSeries.Least, "observed", "a spike"),
            ("GG9008", extent.Steps, patience, "observed", "a loss that does not move"),
            ("GG9011", extent.Steps, NotTrainedDetector.StepsWithoutCall, "observed", "a module that is never called"),
            ("GG9012", extent.Steps, ClippingDetector.WarmUp + ClippingDetector.Window, "observed", "clipping that is always on"),
        ];
        foreach (var (id, seen, needed, unit, what) in needs)
        {
            if (seen < needed)
                yield return Whole(id, $"{seen} steps were {unit}: {what} needs {needed}");
        }

        if (!extent.HasPreflight)
        {
            yield return Whole("GG9010", extent.Steps < PreflightDetector.Steps
                ? $"{extent.Steps} steps were observed: the report of the start needs {PreflightDetector.Steps}"
                : "the start of training was not seen: the run went on from a saved state, or none of its first steps could be read");
        }
    }

    private static IEnumerable<NotEvaluated> TooLittle(StepReader reader, RunExtent extent)
    {
        if (extent.UndeclaredScale is { } scale)
            yield return Whole("GG9002", $"the loss looks multiplied by {scale:0} before backward: set LossScale, so that gradients by activations are recorded without it");
        if (reader.OverflowedSteps > 0)
        {
            foreach (var id in OfForwardPass)
                yield return Whole(id, $"in {reader.OverflowedSteps} steps the forward passes between two observations outgrew what is held");
        }

        var called = reader.Layers.Count(static layer => layer is { IsLeaf: true, Called: true, Description: { HasWeights: true, Recurrence: RecurrenceKind.None } });
        if (called < VanishingGradientDetector.LeastLayers)
            yield return Whole("GG9003", $"{called} layer{(called == 1 ? " with weights was" : "s with weights were")} heard of: a slope over depth needs {VanishingGradientDetector.LeastLayers}");
        if (reader.Layers.Any(static layer => layer.Description.HasWeights) && !SeesActivations(reader))
            yield return Whole("GG9005", "no activation was seen: dead units and saturated sigmoids are judged by what the next layer receives, a saturated tanh is not");
    }

    private static bool SeesActivations(StepReader reader)
        => reader.Layers.Concat(reader.Activations.Select(static activation => activation.Layer))
            .Any(static layer => layer.Description.Activation != ActivationKind.None);

    private static long Patience(StepReader reader, DetectionThresholds thresholds)
    {
        var recurs = reader.Layers.Concat(reader.Activations.Select(static activation => activation.Layer))
            .Any(static layer => layer.Description.Recurrence != RecurrenceKind.None);
        return thresholds.StuckPatience * (recurs ? StuckLossDetector.RecurrentPatience : 1);
    }

    private static NotEvaluated Whole(string id, string reason) => new(id, "", reason);
}
