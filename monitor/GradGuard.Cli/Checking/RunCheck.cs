using GradGuard.Cli.Input;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Checking;

/// <summary>Holds runs against a policy.</summary>
/// <param name="policy">What they have to keep to.</param>
/// <param name="sources">Where their sources are.</param>
/// <param name="workingDirectory">Full path that paths are told from.</param>
internal sealed class RunCheck(Policy policy, SourceLines sources, string workingDirectory)
{
    /// <exception cref="InputException">A file of the run cannot be read.</exception>
    public RunVerdict Of(RunDirectory run)
    {
        var name = DisplayPath.Of(run.Path, workingDirectory);
        var findings = new RunFindings(name, run.Header, sources);
        var figures = RunFigures.Of(run.Records());
        IReadOnlyList<Check> checks =
        [
            .. new AlertChecks(policy, run.Summary, findings).Of(run.Alerts()),
            .. new LimitChecks(policy, run.Header, figures, findings).All(),
            .. new RequirementChecks(policy.Require, run, figures, findings).All(),
        ];
        return new(name, run.Header.Model, run.Header.Started, run.Summary?.RunSeconds, figures.Steps, checks, [.. Notes(run)]);
    }

    /// <summary>What was not looked for in the whole model is told by its check.</summary>
    private static IEnumerable<string> Notes(RunDirectory run)
    {
        if (run.Summary is null)
            yield return "it goes on or was killed: it has no summary";
        foreach (var same in (run.Summary?.NotEvaluated ?? []).Where(missing => missing.Layer.Length > 0).GroupBy(missing => (missing.Layer, missing.Reason)))
            yield return $"{same.Key.Layer} was not judged for {string.Join(", ", same.Select(missing => missing.Id))}: {same.Key.Reason}";
        foreach (var file in run.CutShort)
            yield return $"{file} ends within a line: that line is left out";
    }
}
