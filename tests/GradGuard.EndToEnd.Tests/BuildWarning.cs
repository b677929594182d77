using System.Text.RegularExpressions;

namespace GradGuard.EndToEnd.Tests;

/// <summary>One line of a build's output that reports a finding of ours or of anyone else.</summary>
internal sealed partial record BuildWarning(string File, int Line, string Severity, string Id, string Message)
{
    /// <summary>Each warning once, however often the build repeats it.</summary>
    public static IReadOnlyList<BuildWarning> Read(string output) =>
        [.. Pattern().Matches(output).Select(match => new BuildWarning(
            Path.GetFileName(match.Groups["file"].Value),
            int.Parse(match.Groups["line"].Value),
            match.Groups["severity"].Value,
            match.Groups["id"].Value,
            match.Groups["message"].Value)).Distinct()];

    [GeneratedRegex(@"^\s*(?<file>[^(\r\n]+)\((?<line>\d+),\d+\): (?<severity>warning|error) (?<id>\w+): (?<message>[^\r\n]*?)( \[[^\]]*\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex Pattern();
}
