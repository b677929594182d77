using System.Text.Json.Serialization;

namespace GradGuard.Cli.Runs;

/// <summary><c>summary.json</c>, written when a run completes.</summary>
/// <param name="Schema">Version of the documents' shape.</param>
/// <param name="Steps">Calls of <c>Observe</c>, those before a resume included.</param>
/// <param name="SampledSteps">Of those, read.</param>
/// <param name="MonitorSeconds">Wall time the monitor took.</param>
/// <param name="RunSeconds">Wall time from the first to the last step.</param>
/// <param name="Overhead">Share of the training's own time that monitoring added; NaN before two steps.</param>
/// <param name="Alerts">Alerts raised, by catalogue number.</param>
/// <param name="NotEvaluated">What no verdict rests on.</param>
/// <param name="Code">What of the model's code was seen beyond hooks.</param>
/// <param name="SkippedTensors">Tensors that could not be read.</param>
/// <param name="RecordFiles">Names of the files of records, oldest first.</param>
internal sealed record RunSummary(
    int Schema, long Steps, long SampledSteps, double MonitorSeconds, double RunSeconds, double Overhead, IReadOnlyDictionary<string, int> Alerts,
    IReadOnlyList<NotEvaluated> NotEvaluated, CodeCoverage Code, long SkippedTensors, IReadOnlyList<string> RecordFiles) : IVersionedDocument
{
    [JsonIgnore]
    public string? Fault => NotEvaluated.Contains(null!) ? "'notEvaluated' holds null"
        : Code.Hidden.Contains(null!) ? "'code.hidden' holds null"
        : RecordFiles.Contains(null!) ? "'recordFiles' holds null"
        : null;
}

/// <summary>Something the monitor could not judge: the absence of that alert says nothing there.</summary>
/// <param name="Id">Catalogue number of the alert that could not have been raised.</param>
/// <param name="Layer">Path; empty for the whole model.</param>
/// <param name="Reason">Why.</param>
internal sealed record NotEvaluated(string Id, string Layer, string Reason);

/// <summary>What of the model's code was seen beyond hooks; all zero in a build without instrumentation.</summary>
/// <param name="ForwardCalls">Calls of <c>forward</c> that are heard of.</param>
/// <param name="Activations">Calls of activation functions that are heard of.</param>
/// <param name="ActivationsSeen">Of those, that ran inside the model.</param>
/// <param name="Hidden">What cannot be seen.</param>
internal sealed record CodeCoverage(int ForwardCalls, int Activations, int ActivationsSeen, IReadOnlyList<HiddenCode> Hidden);

/// <summary>Code that no instrumentation reaches.</summary>
/// <param name="Where">Name, file and line.</param>
/// <param name="Reason">Why, and what to write instead.</param>
internal sealed record HiddenCode(string Where, string Reason);
