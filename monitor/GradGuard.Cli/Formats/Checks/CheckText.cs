using GradGuard.Cli.Checking;
using Spectre.Console;

namespace GradGuard.Cli.Formats.Checks;

/// <summary>For people: each run with what is told of it, then what fails.</summary>
internal sealed class CheckText(IAnsiConsole console)
{
    private readonly FindingText _text = new(console);

    public void Write(Verdict verdict)
    {
        foreach (var run in verdict.Runs)
            Write(run);
        var failed = verdict.Runs.Count(run => run.Fails);
        _text.Line(
            $"{(failed == 0 ? FindingText.Count(verdict.Runs.Count, "run") + (verdict.Runs.Count == 1 ? " passes" : " pass") : $"{failed} of {FindingText.Count(verdict.Runs.Count, "run")} failed")}"
                + $"; policy: {verdict.Policy ?? "alerts of severity warning and above fail"}",
            failed > 0 ? Color.Red : Color.Default);
    }

    private void Write(RunVerdict run)
    {
        foreach (var finding in run.Checks.SelectMany(check => check.Findings))
            _text.Write(finding);
        foreach (var note in run.Notes)
            _text.Line($"{run.Run}: {note}", Color.Grey);
        foreach (var check in run.Checks.Where(check => check.Outcome == Outcome.NotEvaluated))
            _text.Line($"{run.Run}: {check.Id} was not judged: {check.Reason}", Color.Grey);

        var failed = run.Checks.Where(check => check.Outcome == Outcome.Failed).Select(check => check.Id).ToList();
        var ignored = run.Checks.Sum(check => check.Ignored);
        _text.Line(
            $"{run.Run}: {(failed.Count > 0 ? $"failed ({string.Join(", ", failed)})" : "passes")}, {FindingText.Count((int)Math.Min(run.Steps, int.MaxValue), "step")} of {run.Model}"
                + (ignored > 0 ? $", {FindingText.Count(ignored, "alert")} ignored" : ""),
            failed.Count > 0 ? Color.Yellow : Color.Default);
        console.WriteLine();
    }
}
