using GradGuard.Benchmarks.Detection;
using GradGuard.SampleModels.Catalogue;
using GradGuard.SampleModels.Training;

namespace GradGuard.Benchmarks.Comparison;

/// <summary>
/// How often <c>gradguard compare</c> is right: on runs of sound samples that differ by seed alone, and on broken samples beside their mended
/// twins. Each sample is trained as its catalogue says, with the monitor as it is by default, and compared by the command itself.
/// </summary>
internal sealed class ComparisonBenchmark(int seeds, TextWriter progress) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gradguard-compare-").FullName;
    private readonly Dictionary<(string Sample, int Seed), string> _runs = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Writes the tables.</summary>
    public void Run(TextWriter output)
    {
        WriteFalseAlarms(output, "one base", OneBase);
        WriteFalseAlarms(output, $"{seeds - 1} bases", sample => Twins(sample, sample));
        WriteFound(output, "one base", Twin);
        WriteFound(output, $"{seeds - 1} bases", Twins);
    }

    private void WriteFalseAlarms(TextWriter output, string title, Func<Sample, IEnumerable<Verdict>> compare)
    {
        output.WriteLine($"sound runs that differ by seed, {title}");
        output.WriteLine();
        output.WriteLine("| set | sample | called a regression | called |");
        output.WriteLine("|---|---|---:|---|");
        var all = SampleSets.Sound.Select(sample => (Set: SampleSets.SetOf(sample), sample.Name, Verdicts: compare(sample).ToList())).OrderBy(static row => row.Set).ToList();
        foreach (var (set, name, verdicts) in all)
        {
            var called = verdicts.SelectMany(static verdict => verdict.Figures.Concat(verdict.Alerts)).Distinct();
            output.WriteLine($"| {set} | {name} | {verdicts.Count(static verdict => verdict.IsRegression)} of {verdicts.Count} | {string.Join(", ", called)} |");
        }

        output.WriteLine();
        foreach (var set in all.GroupBy(static row => row.Set))
            output.WriteLine($"{set.Key}: {Rate.Of([.. set.SelectMany(static row => row.Verdicts)], static verdict => verdict.IsRegression)}");
        output.WriteLine();
    }

    private void WriteFound(TextWriter output, string title, Func<Sample, Sample, IEnumerable<Verdict>> compare)
    {
        output.WriteLine($"broken runs beside their mended twins, {title}");
        output.WriteLine();
        output.WriteLine("| set | base | run | found | by figures alone | figures name the layer | new alerts name the layer |");
        output.WriteLine("|---|---|---|---:|---:|---:|---:|");
        var all = SampleSets.Pairs.Select(pair => (Set: SampleSets.SetOf(pair.Mended), pair.Mended, pair.Broken, Verdicts: compare(pair.Broken, pair.Mended).ToList())).OrderBy(static row => row.Set).ToList();
        foreach (var (set, mended, broken, verdicts) in all)
        {
            var layer = broken.Expected!.Layer;
            output.WriteLine(
                $"| {set} | {mended.Name} | {broken.Name} | {verdicts.Count(static verdict => verdict.IsRegression)} of {verdicts.Count} | {verdicts.Count(static verdict => verdict.Figures.Count > 0)} | "
                + $"{verdicts.Count(verdict => Names(verdict.Figures, layer))} | {verdicts.Count(verdict => Names(verdict.Alerts, layer))} |");
        }

        output.WriteLine();
        foreach (var set in all.GroupBy(static row => row.Set))
        {
            var verdicts = set.SelectMany(static row => row.Verdicts.Select(verdict => (verdict, row.Broken.Expected!.Layer))).ToList();
            output.WriteLine($"{set.Key}: found {Rate.Of(verdicts, static pair => pair.verdict.IsRegression)}, by figures alone {Rate.Of(verdicts, static pair => pair.verdict.Figures.Count > 0)}, "
                + $"figures name the layer {Rate.Of(verdicts, static pair => Names(pair.verdict.Figures, pair.Layer))}, figures or alerts name the layer {Rate.Of(verdicts, static pair => Names(pair.verdict.Figures, pair.Layer) || Names(pair.verdict.Alerts, pair.Layer))}");
        }

        output.WriteLine();
    }

    /// <summary>True where one of them is at that layer.</summary>
    private static bool Names(IReadOnlyList<Finding> findings, string layer) => findings.Any(finding => finding.Layer == layer);

    private IEnumerable<Verdict> OneBase(Sample sample) =>
        from before in Enumerable.Range(1, seeds)
        from after in Enumerable.Range(1, seeds)
        where before < after
        select Gradguard.Compare([RunOf(sample, before)], RunOf(sample, after));

    private IEnumerable<Verdict> Twin(Sample broken, Sample mended) => Enumerable.Range(1, seeds).Select(seed =>
        Gradguard.Compare([RunOf(mended, seed)], RunOf(broken, (seed % seeds) + 1)));

    /// <summary>Each run of the one sample beside the runs of the other from all seeds but its own.</summary>
    private IEnumerable<Verdict> Twins(Sample sample, Sample bases) => Enumerable.Range(1, seeds).Select(seed =>
        Gradguard.Compare([.. Enumerable.Range(1, seeds).Where(other => other != seed).Select(other => RunOf(bases, other))], RunOf(sample, seed)));

    private string RunOf(Sample sample, int seed)
    {
        if (_runs.TryGetValue((sample.Name, seed), out var known))
            return known;
        progress.WriteLine($"training {sample.Name}, seed {seed}");
        var outcome = new SampleRun(sample) { Steps = sample.Steps, Seed = seed, RunDirectory = Path.Combine(_directory, sample.Name, $"{seed}") }.Train();
        return _runs[(sample.Name, seed)] = outcome.RunDirectory!;
    }
}
