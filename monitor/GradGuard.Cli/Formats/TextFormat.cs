using System.Globalization;
using GradGuard.Cli.Analysis;
using Spectre.Console;

namespace GradGuard.Cli.Formats;

/// <summary>For people: where, what, the line itself, where to read more; then what was looked at. Colour only on a terminal that wants it.</summary>
internal sealed class TextFormat(IAnsiConsole console)
{
    /// <summary>A terminal breaks lines itself, and keeps paths and addresses whole for those who click or copy them.</summary>
    private const int NoBreaks = 1_000_000;

    private const int NamesShown = 5;
    private const int SkippedShown = 5;
    private const int LongestExcerpt = 160;

    /// <param name="result">What to write.</param>
    /// <param name="showTimings">Adds what each rule took.</param>
    public void Write(AnalysisResult result, bool showTimings)
    {
        console.Profile.Width = NoBreaks;
        foreach (var finding in result.Findings)
            Write(finding);
        if (showTimings)
            WriteTimings(result);
        foreach (var skipped in result.Skipped.Take(SkippedShown))
            Line($"skipped {skipped.Path}: {skipped.Reason}", Color.Grey);
        Line(Summary(result), result.Findings.Any(finding => finding.Severity > Severity.Info) ? Color.Yellow : Color.Default);
    }

    private void Write(Finding finding)
    {
        var place = finding.Place;
        var (word, colour) = finding.Severity switch
        {
            Severity.Error => ("error", Color.Red),
            Severity.Warning => ("warning", Color.Yellow),
            _ => ("info", Color.Teal),
        };
        console.Write(new Text($"{place.Path}:{place.Line}:{place.Column}: "));
        console.Write(new Text($"{word} {finding.Id}", new Style(colour)));
        console.WriteLine($": {finding.Message}");
        WriteExcerpt(finding, colour);
        Line($"    {finding.Help}", Color.Grey);
        console.WriteLine();
    }

    private void WriteExcerpt(Finding finding, Color colour)
    {
        var place = finding.Place;
        var indent = finding.Line.Length - finding.Line.TrimStart().Length;
        var line = finding.Line.Trim();
        if (line.Length == 0 || line.Length > LongestExcerpt)
            return;
        var start = Math.Max(0, place.Column - 1 - indent);
        var end = place.EndLine == place.Line ? place.EndColumn - 1 - indent : line.Length;
        console.WriteLine($"    {line.Replace('\t', ' ')}");
        Line("    " + new string(' ', start) + new string('^', Math.Max(1, Math.Min(end, line.Length) - start)), colour);
    }

    private void WriteTimings(AnalysisResult result)
    {
        foreach (var timing in result.Timings)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{timing.Time.TotalMilliseconds,10:F1} ms  {timing.What}"));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{ToolProcess.ProcessorTime.TotalMilliseconds,10:F1} ms  processor time in all; {ToolProcess.PeakMemoryMiB:F0} MiB of memory at the most"));
        console.WriteLine();
    }

    private static string Summary(AnalysisResult result)
    {
        var counts = new List<string>();
        if (result.Count(Severity.Error) is > 0 and var errors)
            counts.Add(Count(errors, "error"));
        counts.Add(Count(result.Count(Severity.Warning), "warning"));
        counts.Add(Count(result.Count(Severity.Info), "suggestion"));
        var parts = new List<string>
        {
            string.Join(", ", counts) + $" in {Count(result.Files, "file")}",
        };
        if (result.Accepted > 0)
            parts.Add($"{result.Accepted} accepted in the baseline");
        parts.Add(Unresolved(result.UnresolvedNames));
        if (result.Skipped.Count > 0)
            parts.Add($"{result.Skipped.Count} skipped");
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{result.Elapsed.TotalSeconds:F1} s"));
        return string.Join("; ", parts);
    }

    private static string Unresolved(IReadOnlyDictionary<string, int> names)
    {
        if (names.Count == 0)
            return "every name resolved";
        var most = names.OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal).Take(NamesShown);
        var uses = names.Values.Sum();
        return $"{Count(uses, "name")} not resolved ({string.Join(", ", most.Select(name => $"{name.Key} × {name.Value}"))}{(names.Count > NamesShown ? ", …" : "")})";
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private void Line(string text, Color colour)
    {
        console.Write(new Text(text, new Style(colour)));
        console.WriteLine();
    }
}
