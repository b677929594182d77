using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GradGuard.Cli.Comparison;

namespace GradGuard.Cli.Formats.Comparisons;

/// <summary>Everything, as docs/schemas/comparison.schema.json has it; NaN and infinity are strings, as in a run directory.</summary>
internal sealed class ComparisonJson : IComparisonFormat
{
    private const string Kind = "gradguard-comparison";
    private const int Schema = 1;

    private static readonly JsonSerializerOptions Options = new(Json.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public bool Recognises(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject document && document["kind"] is JsonValue kind && kind.TryGetValue<string>(out var name) && name == Kind;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public void Write(ComparisonResult result, TextWriter writer) => writer.WriteLine(JsonSerializer.Serialize(
        new
        {
            Kind,
            Schema,
            ToolInfo.Version,
            result.IsRegression,
            Bases = result.Bases.Select(Run),
            Run = Run(result.Run),
            Steps = result.Range,
            Noise = result.KnowsSeeds ? "betweenBases" : "withinRuns",
            result.Limits,
            result.Layers,
            Figures = result.Judgements.Select(Judgement),
            NotCompared = result.NotCompared.Select(figure => new { figure.Layer, Figure = figure.Figure.Id, figure.Reason }),
            NewAlerts = result.NewAlerts.Select(alert => new { alert.Id, Severity = alert.Severity.ToString(), alert.Layer, alert.Step, alert.Message, alert.Advice }),
        },
        Options));

    private static object Run(ComparedRun run) => new { run.Name, run.Steps, CutShort = run.CutShort.Count > 0 };

    private static object Judgement(Judgement judgement) => new
    {
        judgement.Layer,
        Figure = judgement.Figure.Id,
        judgement.IsRegression,
        judgement.Change,
        judgement.Window,
        judgement.Readings,
        judgement.Base,
        judgement.Run,
        judgement.Estimate?.Difference,
        judgement.Estimate?.Error,
        judgement.PValue,
        judgement.NotFiniteFrom,
    };
}
