using GradGuard.Cli.Input;

namespace GradGuard.Cli.Analysis;

/// <summary>What came out of one run.</summary>
/// <param name="Findings">By path, place and ID.</param>
/// <param name="Files">Source files read.</param>
/// <param name="Units">Compilations they went into.</param>
/// <param name="UnresolvedNames">How often each name that nothing resolves is used.</param>
/// <param name="Skipped">What could not be read.</param>
/// <param name="Elapsed">Loading and analysis.</param>
/// <param name="Timings">What took how long, longest first.</param>
internal sealed record AnalysisResult(
    IReadOnlyList<Finding> Findings,
    int Files,
    int Units,
    IReadOnlyDictionary<string, int> UnresolvedNames,
    IReadOnlyList<Skipped> Skipped,
    TimeSpan Elapsed,
    IReadOnlyList<Timing> Timings)
{
    /// <summary>How many findings a baseline has taken out.</summary>
    public int Accepted { get; private init; }

    /// <summary>The same run with only those findings that <paramref name="select"/> leaves.</summary>
    public AnalysisResult Only(Func<IEnumerable<Finding>, IReadOnlyList<Finding>> select)
    {
        var left = select(Findings);
        return this with { Findings = left, Accepted = Findings.Count - left.Count };
    }

    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);
}

/// <summary>Time that one step or rule took, added up over threads.</summary>
internal sealed record Timing(string What, TimeSpan Time);
