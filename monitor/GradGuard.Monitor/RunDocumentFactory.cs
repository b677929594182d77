using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Instrumentation;
using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor;

/// <summary>Puts the public objects of a run into the documents of its directory.</summary>
internal static class RunDocumentFactory
{
    /// <summary><c>run.json</c>.</summary>
    public static RunDocument Header(nn.Module model, IReadOnlyList<HookedLayer> layers, GradientMonitorOptions options)
    {
        var code = InstrumentedCode.Of(layers);
        return new RunDocument(
            RunLog.Schema,
            DateTimeOffset.Now,
            model.GetType().FullName ?? model.GetType().Name,
            [.. layers.Select(layer => Layer(layer.Description, code.SourceOf(layer)))],
            [.. code.Activations.Select(static place => new CallSiteDocument(place.Name, place.File, place.Line))],
            new RunSettings(options.OverheadBudget, options.SampleEvery, options.OnAlert.ToString(), options.AlertCooldown, options.EscalateAfter,
                [.. options.Mutes.Select(static mute => new MuteDocument(mute.Id, mute.Layer))], Settings(options.Thresholds)),
            new RunVersions(VersionOf(typeof(GradientMonitor)), VersionOf(typeof(nn.Module)), Environment.Version.ToString()));
    }

    /// <summary>A line of <c>alerts.jsonl</c>.</summary>
    public static AlertDocument Alert(Alert alert)
        => new(alert.Id, alert.Severity.ToString(), alert.Layer, alert.Step, alert.Message, alert.Advice, alert.Evidence);

    /// <summary><c>summary.json</c>.</summary>
    public static SummaryDocument Summary(MonitorSummary summary) => new(
        RunLog.Schema, summary.Steps, summary.SampledSteps, summary.MonitorTime.TotalSeconds, summary.RunTime.TotalSeconds,
        summary.Overhead, summary.AlertCounts,
        [.. summary.NotEvaluated.Select(static missing => new NotEvaluatedDocument(missing.Id, missing.Layer, missing.Reason))],
        new CodeDocument(summary.Code.ForwardCalls, summary.Code.Activations, summary.Code.ActivationsSeen,
            [.. summary.Code.Hidden.Select(static hidden => new HiddenDocument(hidden.Where, hidden.Reason))]),
        summary.SkippedTensors);

    private static LayerDocument Layer(LayerDescription layer, CodeLine? source)
        => new(layer.Path, layer.Type, layer.FanIn, layer.Units, source?.File, source?.Line);

    /// <summary><c>preflight.json</c>.</summary>
    public static PreflightDocument Preflight(PreflightReport report) => new(
        RunLog.Schema, report.Batches, report.InputRms, report.Loss,
        [.. report.Layers.Select(static layer => new PreflightLayerDocument(
            layer.Layer, layer.Type, layer.PreActivationStd, layer.SaturatedShare, layer.DeadShare, layer.GradientRms, layer.GradientRatio, layer.UpdateRatio, layer.Problem,
            layer.Predicted is { } predicted ? new(predicted.PreActivationStd, predicted.SaturatedShare, predicted.DeadShare, predicted.GradientRatio) : null))],
        report.Remark);

    private static Dictionary<string, double> Settings(DetectionThresholds thresholds) => new()
    {
        [nameof(thresholds.ExplodingRobustZ)] = thresholds.ExplodingRobustZ,
        [nameof(thresholds.ExplodingFactor)] = thresholds.ExplodingFactor,
        [nameof(thresholds.ExplodingDepthSlope)] = thresholds.ExplodingDepthSlope,
        [nameof(thresholds.VanishingDepthSlope)] = thresholds.VanishingDepthSlope,
        [nameof(thresholds.VanishingUpdateRatio)] = thresholds.VanishingUpdateRatio,
        [nameof(thresholds.DeadUnitShare)] = thresholds.DeadUnitShare,
        [nameof(thresholds.DeadUnitCriticalShare)] = thresholds.DeadUnitCriticalShare,
        [nameof(thresholds.DeadUnitWindow)] = thresholds.DeadUnitWindow,
        [nameof(thresholds.SaturatedShare)] = thresholds.SaturatedShare,
        [nameof(thresholds.SaturatedWindow)] = thresholds.SaturatedWindow,
        [nameof(thresholds.RecurrenceFactor)] = thresholds.RecurrenceFactor,
        [nameof(thresholds.SmallestUpdateRatio)] = thresholds.SmallestUpdateRatio,
        [nameof(thresholds.LargestUpdateRatio)] = thresholds.LargestUpdateRatio,
        [nameof(thresholds.SpikeRobustZ)] = thresholds.SpikeRobustZ,
        [nameof(thresholds.StuckPatience)] = thresholds.StuckPatience,
        [nameof(thresholds.AlwaysClippedShare)] = thresholds.AlwaysClippedShare,
    };

    private static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString() ?? "unknown";
}
