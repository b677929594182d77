namespace GradGuard.Benchmarks.Detection;

/// <summary>Lists the runs that a detector got wrong, and those left out.</summary>
internal sealed class DetectionFailures(TextWriter output)
{
    /// <summary>Writes a line a run.</summary>
    public void Write(IReadOnlyList<HealthyRun> healthy, IReadOnlyList<FaultyRun> faulty)
    {
        foreach (var (program, outcome) in healthy.Where(static run => run.Outcome is { Trains: true, Alarmed: true }))
            output.WriteLine($"FALSE ALARM {program.Name}, seed {outcome.Seed}: {string.Join(" ", outcome.Alarms)}");
        foreach (var (program, outcome) in healthy.Where(static run => !run.Outcome.Trains))
            output.WriteLine($"DOES NOT TRAIN {program.Name}, seed {outcome.Seed}: loss {outcome.FinalLoss:G3}, trivial {outcome.TrivialLoss:G3}; {outcome.Alerts.Count} alerts");
        foreach (var run in faulty.Where(static run => run is { Counts: false, Twin.Trains: true }))
            output.WriteLine($"NO HARM {run.Program.Name}, seed {run.Outcome.Seed}: {Losses(run)}; {run.Outcome.Alerts.Count} alerts");
        foreach (var run in faulty.Where(static run => run is { Counts: true, RightAlert: null }))
            output.WriteLine($"{(run.Outcome.Alarmed ? "WRONG SYMPTOM" : "MISS")} {run.Program.Name}, seed {run.Outcome.Seed}: {Losses(run)} {string.Join(" ", run.Outcome.Alerts)}");
        foreach (var run in faulty.Where(static run => run is { Counts: true, HasCulprit: true, RightAlert: not null, NamesCulprit: false }))
            output.WriteLine($"WRONG LAYER {run.Program.Name}, seed {run.Outcome.Seed}: {run.RightAlert} Right: {string.Join(" ", run.Outcome.Culprits)}");
    }

    private static string Losses(FaultyRun run)
        => FormattableString.Invariant($"loss {run.Outcome.FinalLoss:G3}, twin {run.Twin.FinalLoss:G3}, trivial {run.Twin.TrivialLoss:G3}");
}
