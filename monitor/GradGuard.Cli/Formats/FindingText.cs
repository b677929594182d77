using GradGuard.Cli.Analysis;
using Spectre.Console;

namespace GradGuard.Cli.Formats;

/// <summary>One finding for people: where, what, the line itself, where to read more. Colour only on a terminal that wants it.</summary>
internal sealed class FindingText
{
    /// <summary>A terminal breaks lines itself, and keeps paths and addresses whole for those who click or copy them.</summary>
    private const int NoBreaks = 1_000_000;

    private const int LongestExcerpt = 160;
    private readonly IAnsiConsole _console;

    public FindingText(IAnsiConsole console)
    {
        _console = console;
        _console.Profile.Width = NoBreaks;
    }

    public void Write(Finding finding)
    {
        var place = finding.Place;
        var (word, colour) = finding.Severity switch
        {
            Severity.Error => ("error", Color.Red),
            Severity.Warning => ("warning", Color.Yellow),
            _ => ("info", Color.Teal),
        };
        _console.Write(new Text($"{place.Path}:{place.Line}:{place.Column}: "));
        _console.Write(new Text($"{word} {finding.Id}", new Style(colour)));
        _console.WriteLine($": {finding.Message}");
        WriteExcerpt(finding, colour);
        Line($"    {finding.Help}", Color.Grey);
        _console.WriteLine();
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
        _console.WriteLine($"    {line.Replace('\t', ' ')}");
        Line("    " + new string(' ', start) + new string('^', Math.Max(1, Math.Min(end, line.Length) - start)), colour);
    }

    /// <summary>A line in one colour.</summary>
    public void Line(string text, Color colour)
    {
        _console.Write(new Text(text, new Style(colour)));
        _console.WriteLine();
    }

    /// <summary>A number with its noun.</summary>
    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
