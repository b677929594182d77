using GradGuard.Cli.Comparison;

namespace GradGuard.Cli.Formats.Comparisons;

/// <summary>Workflow commands of GitHub Actions: one for each layer that is worse and each new alert, at the layer's line where the run tells it.</summary>
internal sealed class ComparisonGitHub : IComparisonFormat
{
    /// <summary>No such file can be told from somebody else's.</summary>
    public bool Recognises(string text) => false;

    public void Write(ComparisonResult result, TextWriter writer)
    {
        foreach (var layer in result.Regressions.GroupBy(judgement => judgement.Layer))
            Write("error", result.Run, layer.Key, $"{ComparisonWords.Layer(layer.Key)} got worse", string.Join("; ", layer.Select(Sentence)), writer);
        foreach (var alert in result.HarmfulAlerts)
            Write("error", result.Run, alert.Layer, $"{alert.Id} at {ComparisonWords.Layer(alert.Layer)}", alert.Message, writer);
    }

    private static string Sentence(Judgement judgement) =>
        $"{judgement.Figure.Label} {ComparisonWords.Value(judgement.Figure, judgement.Base)} → {ComparisonWords.Value(judgement.Figure, judgement.Run)} ({ComparisonWords.Change(judgement)})";

    private static void Write(string command, ComparedRun run, string layer, string title, string message, TextWriter writer)
    {
        var place = run.Places.TryGetValue(layer, out var line) ? $"file={GitHubFormat.Property(line.File)},line={line.Line}," : "";
        writer.WriteLine($"::{command} {place}title={GitHubFormat.Property(title)}::{GitHubFormat.Data(message)}");
    }
}
