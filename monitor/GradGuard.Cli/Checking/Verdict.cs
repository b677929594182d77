using GradGuard.Cli.Analysis;

namespace GradGuard.Cli.Checking;

/// <summary>What came of the runs that were checked.</summary>
/// <param name="Policy">Path of the policy, as it is shown; null for the default one.</param>
/// <param name="Runs">In the order in which they were named.</param>
internal sealed record Verdict(string? Policy, IReadOnlyList<RunVerdict> Runs)
{
    public bool Fails => Runs.Any(run => run.Fails);

    /// <summary>What is told of all runs, whether it fails or not.</summary>
    public IReadOnlyList<Finding> Findings => [.. Runs.SelectMany(run => run.Checks).SelectMany(check => check.Findings)];
}

/// <summary>What came of one run.</summary>
/// <param name="Run">Path of its directory, as it is shown.</param>
/// <param name="Model">Full CLR name of the model's type.</param>
/// <param name="Started">When the monitor was attached.</param>
/// <param name="Seconds">Wall time of the run; null where it did not come to its end.</param>
/// <param name="Steps">Steps it was trained for.</param>
/// <param name="Checks">One for each alert in the catalogue, each limit and each requirement.</param>
/// <param name="Notes">What else to know: a run cut short, what the monitor could not judge.</param>
internal sealed record RunVerdict(
    string Run, string Model, DateTimeOffset Started, double? Seconds, long Steps, IReadOnlyList<Check> Checks, IReadOnlyList<string> Notes)
{
    public bool Fails => Checks.Any(check => check.Outcome == Outcome.Failed);
}

/// <summary>One question asked of a run.</summary>
/// <param name="Id">An alert's number, or the key in the policy: <c>limits.finalLoss</c>.</param>
/// <param name="Title">The question in a few words.</param>
/// <param name="Outcome">The answer.</param>
/// <param name="Findings">What is told of it; of a failed check, at least one.</param>
internal sealed record Check(string Id, string Title, Outcome Outcome, IReadOnlyList<Finding> Findings)
{
    /// <summary>Alerts that the policy ignores.</summary>
    public int Ignored { get; init; }

    /// <summary>Why it could not be judged; empty where it was.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>The answer to a question.</summary>
internal enum Outcome
{
    Passed,
    Failed,

    /// <summary>The run holds nothing to judge it by.</summary>
    NotEvaluated,
}
