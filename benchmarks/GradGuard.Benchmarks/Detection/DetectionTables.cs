using GradGuard.Benchmarks.Detection.Baselines;
using GradGuard.Benchmarks.Detection.Programs;

namespace GradGuard.Benchmarks.Detection;

/// <summary>The figures as Markdown tables.</summary>
internal sealed class DetectionTables(TextWriter output, IReadOnlyList<HealthyRun> healthy, IReadOnlyList<FaultyRun> faulty)
{
    private readonly List<HealthyRun> _healthy = [.. healthy.Where(static run => run.Outcome.Trains)];
    private readonly List<FaultyRun> _faulty = [.. faulty.Where(static run => run.Counts)];

    /// <summary>Writes all tables, and each failing run if asked for.</summary>
    public void Write(bool details)
    {
        WriteSummary();
        foreach (var set in Enum.GetValues<ProgramSet>().Where(set => healthy.Any(run => run.Program.Set == set)))
        {
            WriteFaults(set);
            WriteHealthy(set);
        }

        if (details)
            new DetectionFailures(output).Write(healthy, faulty);
    }

    private void WriteSummary()
    {
        output.WriteLine("| set | detector | faulty programs | recall | right symptom | right layer | healthy programs | false alarms | programs with a false alarm |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var set in Enum.GetValues<ProgramSet>())
        {
            var sick = _faulty.Where(run => run.Program.Set == set).ToList();
            var well = _healthy.Where(run => run.Program.Set == set).ToList();
            if (sick.Count + well.Count == 0)
                continue;
            output.WriteLine($"| {set} | **GradGuard** | {Programs(sick)} | {Recall(sick)} | {RightSymptom(sick)} | {RightLayer(sick)} | {Programs(well)} | {Rate.Of(well, static run => run.Outcome.Alarmed)} | {Programs([.. well.Where(static run => run.Outcome.Alarmed)])} |");
            foreach (var rule in PublishedRules.All)
                WriteRule(set, rule, sick, well, run => run.PublishedRules.Contains(rule));
            WriteRule(set, "any of the four", sick, well, static run => run.PublishedRules.Count > 0);
        }

        output.WriteLine();
    }

    private void WriteRule(ProgramSet set, string rule, List<FaultyRun> sick, List<HealthyRun> well, Func<RunOutcome, bool> speaks)
        => output.WriteLine($"| {set} | {rule} | {Programs(sick)} | {Rate.Of(sick, run => speaks(run.Outcome))} | – | – | {Programs(well)} | {Rate.Of(well, run => speaks(run.Outcome))} | {Programs([.. well.Where(run => speaks(run.Outcome))])} |");

    private void WriteFaults(ProgramSet set)
    {
        output.WriteLine($"| fault, {set.ToString().ToLowerInvariant()} set | programs | harmed runs | left out: no harm | left out: twin does not train | recall | right symptom | right layer | right symptom, with Info | published rules, any |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var group in faulty.Where(run => run.Program.Set == set).GroupBy(static run => run.Program.Group))
        {
            var counted = group.Where(static run => run.Counts).ToList();
            var untrained = group.Count(static run => !run.Twin.Trains);
            output.WriteLine($"| {group.Key} | {Programs(counted)} | {counted.Count} | {group.Count() - counted.Count - untrained} | {untrained} | {Recall(counted)} | {RightSymptom(counted)} | {RightLayer(counted)} | {Rate.Of(counted, static run => run.IsTold)} | {Rate.Of(counted, static run => run.Outcome.PublishedRules.Count > 0)} |");
        }

        output.WriteLine();
    }

    private void WriteHealthy(ProgramSet set)
    {
        output.WriteLine($"| healthy, {set.ToString().ToLowerInvariant()} set | programs | runs that train | left out: do not train | false alarms | what they say | at most Info | published rules, any |");
        output.WriteLine("|---|---:|---:|---:|---:|---|---:|---:|");
        foreach (var group in healthy.Where(run => run.Program.Set == set).GroupBy(static run => run.Program.Group).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            var counted = group.Where(static run => run.Outcome.Trains).ToList();
            var ids = counted.SelectMany(static run => run.Outcome.Alarms.Select(static alert => alert.Id).Distinct()).CountBy(static id => id).OrderBy(static count => count.Key, StringComparer.Ordinal);
            output.WriteLine($"| {group.Key} | {Programs(counted)} | {counted.Count} | {group.Count() - counted.Count} | {Rate.Of(counted, static run => run.Outcome.Alarmed)} | {string.Join(", ", ids.Select(static count => $"{count.Key} ×{count.Value}"))} | {counted.Count(static run => run.Outcome is { Alarmed: false, Alerts.Count: > 0 })} | {Rate.Of(counted, static run => run.Outcome.PublishedRules.Count > 0)} |");
        }

        output.WriteLine();
    }

    private static Rate Recall(IReadOnlyCollection<FaultyRun> runs) => Rate.Of(runs, static run => run.Outcome.Alarmed);

    private static Rate RightSymptom(IReadOnlyCollection<FaultyRun> runs) => Rate.Of(runs, static run => run.RightAlert is not null);

    private static Rate RightLayer(IEnumerable<FaultyRun> runs)
        => Rate.Of([.. runs.Where(static run => run is { HasCulprit: true, RightAlert: not null })], static run => run.NamesCulprit);

    private static int Programs(IReadOnlyCollection<FaultyRun> runs) => runs.Select(static run => run.Program.Name).Distinct().Count();

    private static int Programs(IReadOnlyCollection<HealthyRun> runs) => runs.Select(static run => run.Program.Name).Distinct().Count();
}
