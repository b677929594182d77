using GradGuard.Cli.Comparison;

namespace GradGuard.Cli.Formats.Comparisons;

/// <summary>What was compared, a table of what is worse, and a summary.</summary>
internal sealed class ComparisonText : IComparisonFormat
{
    private const string FirstWords = "gradguard compare: ";
    private const int Shown = 8;
    private static readonly string[] Head = ["layer", "figure", "base", "run", "change", "readings", "chance"];

    public bool Recognises(string text) => text.StartsWith(FirstWords, StringComparison.Ordinal);

    public void Write(ComparisonResult result, TextWriter writer)
    {
        writer.WriteLine($"{FirstWords}{result.Run.Name} against {string.Join(", ", result.Bases.Select(one => one.Name))}, steps {result.Range.First} to {result.Range.Last} ({Spans(result)})");
        writer.WriteLine(result.KnowsSeeds
            ? $"noise: the spread between {result.Bases.Count} bases"
            : "noise: that within the runs; how far two seeds lie apart is not known from one base, give several");
        foreach (var run in result.Bases.Append(result.Run).Where(run => run.CutShort.Count > 0))
            writer.WriteLine($"cut short: {run.Name}, the last line of {string.Join(", ", run.CutShort)}");
        WriteLayers(result, writer);
        WriteNotCompared(result, writer);
        WriteTable([.. result.Regressions], writer);
        WriteAlerts(result, writer);
        writer.WriteLine();
        writer.WriteLine(Summary(result));
    }

    private static string Spans(ComparisonResult result)
    {
        var shorter = result.Bases.Append(result.Run).Where(run => run.Steps != result.Range).Select(run => $"{run.Name} has {run.Steps.First} to {run.Steps.Last}").ToList();
        return shorter.Count == 0 ? "all of both" : string.Join(", ", shorter);
    }

    private static void WriteLayers(ComparisonResult result, TextWriter writer)
    {
        WriteNames("only in the run", result.Layers.Added, writer);
        WriteNames("only in the base", result.Layers.Removed, writer);
        WriteNames("of another type", [.. result.Layers.Retyped.Select(layer => $"{ComparisonWords.Layer(layer.Layer)} ({Short(layer.Base)} → {Short(layer.Run)})")], writer);
    }

    private static void WriteNames(string what, IReadOnlyList<string> names, TextWriter writer)
    {
        if (names.Count > 0)
            writer.WriteLine($"{ComparisonWords.Count(names.Count, "layer")} {what}: {string.Join(", ", names)}");
    }

    private static void WriteNotCompared(ComparisonResult result, TextWriter writer)
    {
        if (result.NotCompared.Count == 0)
            return;
        var shown = result.NotCompared.Take(Shown).Select(figure => $"{figure.Figure.Label} of {ComparisonWords.Layer(figure.Layer)} ({figure.Reason})");
        writer.WriteLine($"not compared: {string.Join(", ", shown)}{(result.NotCompared.Count > Shown ? $" and {result.NotCompared.Count - Shown} more" : "")}");
    }

    private static void WriteTable(IReadOnlyList<Judgement> regressions, TextWriter writer)
    {
        if (regressions.Count == 0)
            return;
        string[][] rows = [Head, .. regressions.Select(Row)];
        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        writer.WriteLine();
        foreach (var row in rows)
            writer.WriteLine(("  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])))).TrimEnd());
    }

    private static string[] Row(Judgement judgement) =>
    [
        ComparisonWords.Layer(judgement.Layer), judgement.Figure.Label, ComparisonWords.Value(judgement.Figure, judgement.Base),
        ComparisonWords.Value(judgement.Figure, judgement.Run), ComparisonWords.Change(judgement), ComparisonWords.Where(judgement), ComparisonWords.Chance(judgement),
    ];

    private static void WriteAlerts(ComparisonResult result, TextWriter writer)
    {
        if (result.NewAlerts.Count == 0)
            return;
        writer.WriteLine();
        foreach (var alert in result.NewAlerts)
            writer.WriteLine($"  new alert {alert.Id} {alert.Severity} at {ComparisonWords.Layer(alert.Layer)}, step {alert.Step}: {alert.Message}");
    }

    private static string Summary(ComparisonResult result)
    {
        var regressions = result.Regressions.ToList();
        var compared = $"{ComparisonWords.Count(result.Judgements.Count, "figure")} compared, {result.NotCompared.Count} not";
        if (!result.IsRegression)
            return $"no regression; {compared}";
        var layers = regressions.Select(judgement => judgement.Layer).Distinct().Count();
        return $"{ComparisonWords.Count(regressions.Count, "figure")} worse in {ComparisonWords.Count(layers, "layer")}, {ComparisonWords.Count(result.HarmfulAlerts.Count(), "new alert")}; {compared}";
    }

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..];
}
