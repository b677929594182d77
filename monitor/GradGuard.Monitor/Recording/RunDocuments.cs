using System.Text.Json.Serialization;

namespace GradGuard.Monitor.Recording;

/// <summary><c>run.json</c>: what was trained and watched, written once at the start.</summary>
internal sealed record RunDocument(
    int Schema, DateTimeOffset Started, string Model, IReadOnlyList<LayerDocument> Layers, IReadOnlyList<CallSiteDocument> Activations, RunSettings Settings, RunVersions Versions);

/// <summary>A module of the model and the line that created it; <c>Path</c> is empty for the model itself.</summary>
internal sealed record LayerDocument(string Path, string Type, long? FanIn, long? Units, string? File, int? Line);

/// <summary>An activation function called in the code of the model's classes.</summary>
internal sealed record CallSiteDocument(string Name, string File, int Line);

/// <summary>The options of the run.</summary>
internal sealed record RunSettings(
    double OverheadBudget, int? SampleEvery, string OnAlert, long AlertCooldown, long EscalateAfter, IReadOnlyList<MuteDocument> Mutes,
    IReadOnlyDictionary<string, double> Thresholds);

/// <summary>Findings that were not to be told.</summary>
internal sealed record MuteDocument(string Id, string Layer);

/// <summary>The versions behind the run's figures.</summary>
internal sealed record RunVersions(string GradGuard, string TorchSharp, string Runtime);

/// <summary>A line of <c>alerts.jsonl</c>.</summary>
internal sealed record AlertDocument(
    string Id, string Severity, string Layer, long Step, string Message, string Advice, IReadOnlyDictionary<string, double> Evidence);

/// <summary><c>summary.json</c>, written when the run completes; a run without one was cut short.</summary>
internal sealed record SummaryDocument(
    int Schema, long Steps, long SampledSteps, double MonitorSeconds, double RunSeconds, double Overhead,
    IReadOnlyDictionary<string, int> Alerts, IReadOnlyList<NotEvaluatedDocument> NotEvaluated,
    CodeDocument Code, long SkippedTensors)
{
    /// <summary>The files of records, oldest first.</summary>
    public IReadOnlyList<string> RecordFiles { get; init; } = [];
}

/// <summary><c>preflight.json</c>: the state that training began in, written once the first batches have been seen.</summary>
internal sealed record PreflightDocument(
    int Schema, int Batches, double? InputRms, double? Loss, IReadOnlyList<PreflightLayerDocument> Layers, string? Remark);

/// <summary>How a layer started.</summary>
internal sealed record PreflightLayerDocument(
    string Layer, string Type, double? PreActivationStd, double? SaturatedShare, double? DeadShare, double? GradientRms, double? GradientRatio,
    double? UpdateRatio, string? Problem, PreflightPredictionDocument? Predicted);

/// <summary>How its code predicts that a layer starts.</summary>
internal sealed record PreflightPredictionDocument(double? PreActivationStd, double? SaturatedShare, double? DeadShare, double? GradientRatio);

/// <summary>What no verdict rests on.</summary>
internal sealed record NotEvaluatedDocument(string Id, string Layer, string Reason);

/// <summary>What of the model's code could be seen beyond hooks.</summary>
internal sealed record CodeDocument(int ForwardCalls, int Activations, int ActivationsSeen, IReadOnlyList<HiddenDocument> Hidden);

/// <summary>What in the code could not be seen.</summary>
internal sealed record HiddenDocument(string Where, string Reason);

/// <summary>
/// JSON as a run directory holds it: camel case, nothing for what was not read, and <c>"NaN"</c>, <c>"Infinity"</c>,
/// <c>"-Infinity"</c> as strings, which JSON's numbers cannot say.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(AlertDocument))]
[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(PreflightDocument))]
internal sealed partial class RunJson : JsonSerializerContext;
