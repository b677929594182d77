using System.Globalization;
using GradGuard.Cli.Analysis;
using Spectre.Console;

namespace GradGuard.Cli.Formats;

/// <summary>For people: where, what, the line itself, where to read more; then what was looked at. Colour only on a terminal that wants it.</summary>
internal sealed class TextFormat(IAnsiConsole console)
{
    private const int NamesShown = 5;
    private const int SkippedShown = 5;
    private readonly FindingText _text = new(console);

    /// <param name="result">What to write.</param>
    /// <param name="showTimings">Adds what each rule took.</param>
    public void Write(AnalysisResult result, bool showTimings)
    {
        foreach (var finding in result.Findings)
            _text.Write(finding);
        if (showTimings)
            WriteTimings(result);
        foreach (var skipped in result.Skipped.Take(SkippedShown))
            _text.Line($"skipped {skipped.Path}: {skipped.Reason}", Color.Grey);
        _text.Line(Summary(result), result.Findings.Any(finding => finding.Severity > Severity.Info) ? Color.Yellow : Color.Default);
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
            counts.Add(FindingText.Count(errors, "error"));
        counts.Add(FindingText.Count(result.Count(Severity.Warning), "warning"));
        counts.Add(FindingText.Count(result.Count(Severity.Info), "suggestion"));
        var parts = new List<string>
        {
            string.Join(", ", counts) + $" in {FindingText.Count(result.Files, "file")}",
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
        return $"{FindingText.Count(uses, "name")} not resolved ({string.Join(", ", most.Select(name => $"{name.Key} × {name.Value}"))}{(names.Count > NamesShown ? ", …" : "")})";
    }
}
