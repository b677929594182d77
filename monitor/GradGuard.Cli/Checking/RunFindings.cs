using GradGuard.Analyzers.Catalogue;
using GradGuard.Cli.Analysis;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Checking;

/// <summary>
/// Makes findings of what a run holds, at the line that made the layer; where the run does not name one, at the line of the run's own file.
/// </summary>
/// <param name="name">The run's path, as it is shown.</param>
/// <param name="header">What was trained.</param>
/// <param name="sources">Where its sources are.</param>
internal sealed class RunFindings(string name, RunHeader header, SourceLines sources)
{
    private const string Category = "Run";
    private const string LimitsPage = "https://github.com/gradguard/gradguard/blob/main/docs/cli.md#check";

    /// <param name="alert">As it was raised.</param>
    /// <param name="line">Its line in <c>alerts.jsonl</c>.</param>
    public Finding OfAlert(RunAlert alert, int line) => Create(
        alert.Id,
        AlertCatalogue.TitleOf(alert.Id),
        alert.Layer,
        alert.Severity switch
        {
            AlertSeverity.Critical => Severity.Error,
            AlertSeverity.Warning => Severity.Warning,
            _ => Severity.Info,
        },
        $"{Subject(alert.Layer)}, step {alert.Step} of {name}: {alert.Message.ReplaceLineEndings(" ")}. {alert.Advice.ReplaceLineEndings(" ")}",
        HelpLink.For(alert.Id),
        "alerts.jsonl",
        line);

    /// <param name="id">Key in the policy.</param>
    /// <param name="title">What is limited.</param>
    /// <param name="layer">Path; empty for the whole model.</param>
    /// <param name="message">What was measured, and what the limit is.</param>
    public Finding OfLimit(string id, string title, string layer, string message) =>
        Create(id, title, layer, Severity.Error, $"{Subject(layer)} in {name}: {message}", LimitsPage, "run.json", 1);

    private Finding Create(string id, string title, string layer, Severity severity, string message, string help, string file, int line)
    {
        var (place, text) = header.SourceOf(layer) is { } source ? sources.Find(source) : (new($"{name}/{file}", line, 1, line, 1), "");
        return new()
        {
            Id = id,
            Severity = severity,
            Title = title,
            Message = message,
            Category = Category,
            Help = help,
            Place = place,
            RelatedPlaces = [],
            Symbol = layer,
            Context = header.Model,
            Line = text,
        };
    }

    private static string Subject(string layer) => layer.Length == 0 ? "model" : layer;
}
