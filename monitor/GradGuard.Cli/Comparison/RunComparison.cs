using GradGuard.Cli.Input;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Comparison;

/// <summary>Compares a run with one base, or with several that differ by chance alone.</summary>
internal static class RunComparison
{
    /// <param name="bases">At least one.</param>
    /// <param name="run">What may be worse.</param>
    /// <param name="asked">Steps to look at.</param>
    /// <param name="limits">What matters.</param>
    /// <exception cref="InputException">They have no step in common, or nothing that was read in both.</exception>
    public static ComparisonResult Of(IReadOnlyList<ComparedRun> bases, ComparedRun run, StepRange asked, Limits limits)
    {
        var range = bases.Aggregate(run.Steps.And(asked), (common, other) => common.And(other.Steps));
        if (range.IsEmpty)
            throw new InputException($"there is no step to compare: {string.Join(", ", bases.Append(run).Select(one => $"{one.Name} has steps {one.Steps.First} to {one.Steps.Last}"))}");
        var layers = LayersOf(bases, run);
        var missing = new List<NotCompared>();
        var judgements = Judge(bases, run, range, limits, missing);
        if (judgements.Count == 0)
            throw new InputException($"there are fewer than {SerialNoise.FewestReadings} readings of any figure in steps {range.First} to {range.Last} of both");
        var unmatched = layers.Added.Concat(layers.Removed).ToHashSet();
        return new ComparisonResult
        {
            Bases = bases,
            Run = run,
            Range = range,
            Limits = limits,
            Layers = layers,
            Judgements = judgements,
            NotCompared = [.. missing.Where(figure => !unmatched.Contains(figure.Layer))],
            NewAlerts = NewAlerts(bases, run, range),
        };
    }

    private static LayerChanges LayersOf(IReadOnlyList<ComparedRun> bases, ComparedRun run)
    {
        var before = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, type) in bases.SelectMany(one => one.Layers))
            before.TryAdd(path, type);
        return new(
            [.. run.Layers.Keys.Where(path => !before.ContainsKey(path)).Order(StringComparer.Ordinal)],
            [.. before.Keys.Where(path => !run.Layers.ContainsKey(path))],
            [.. before.Where(layer => run.Layers.TryGetValue(layer.Key, out var type) && type != layer.Value)
                .Select(layer => new RetypedLayer(layer.Key, layer.Value, run.Layers[layer.Key]))]);
    }

    private static List<Judgement> Judge(IReadOnlyList<ComparedRun> bases, ComparedRun run, StepRange range, Limits limits, List<NotCompared> missing)
    {
        var candidates = new List<Judgement>();
        var certain = new List<Judgement>();
        foreach (var key in Keys(bases, run))
        {
            if (bases.Append(run).FirstOrDefault(one => !one.Series.ContainsKey(key)) is { } without)
            {
                missing.Add(new(key.Layer, key.Figure, $"not read in {without.Name}"));
                continue;
            }

            var comparison = new FigureComparison(key.Layer, key.Figure, [.. bases.Select(one => one.Series[key].Within(range))], run.Series[key].Within(range), limits);
            if (comparison.NotFinite() is { } notFinite)
            {
                certain.Add(notFinite);
                continue;
            }

            var windows = comparison.Windows().ToList();
            candidates.AddRange(windows);
            if (windows.Count == 0)
                missing.Add(new(key.Layer, key.Figure, $"fewer than {SerialNoise.FewestReadings} readings in common"));
        }

        var judgements = Decide(candidates, limits.Alpha).Concat(certain).ToLookup(judgement => judgement.Figure);
        return [.. Figure.All.SelectMany(figure => judgements[figure])];
    }

    /// <summary>Layers in the order in which the run has them, the figures of each together.</summary>
    private static IEnumerable<(string Layer, Figure Figure)> Keys(IReadOnlyList<ComparedRun> bases, ComparedRun run) =>
        run.Series.Keys.Union(bases.SelectMany(one => one.Series.Keys));

    /// <summary>Adjusts for the number of comparisons, and keeps of the windows of a figure the one that is worse.</summary>
    private static IEnumerable<Judgement> Decide(List<Judgement> candidates, double alpha)
    {
        var adjusted = FalseDiscoveries.Adjust([.. candidates.Select(candidate => candidate.PValue!.Value)]);
        return candidates
            .Select((candidate, index) => candidate with
            {
                PValue = adjusted[index],
                Change = adjusted[index] > alpha ? Change.None : candidate.Estimate!.Value.Difference > 0 ? Change.Higher : Change.Lower,
            })
            .GroupBy(candidate => (candidate.Layer, candidate.Figure))
            .Select(windows => windows.Where(window => window.IsRegression).MaxBy(window => Math.Abs(window.Estimate!.Value.Difference)) ?? windows.First());
    }

    /// <summary>The run's alerts of the common steps that no base ever had for that layer.</summary>
    private static List<RunAlert> NewAlerts(IReadOnlyList<ComparedRun> bases, ComparedRun run, StepRange range)
    {
        var known = bases.SelectMany(one => one.Alerts).Select(alert => (alert.Id, alert.Layer)).ToHashSet();
        return [.. run.Alerts.Where(alert => range.Contains(alert.Step) && !known.Contains((alert.Id, alert.Layer))).GroupBy(alert => (alert.Id, alert.Layer)).Select(same => same.MaxBy(alert => alert.Severity)!)];
    }
}
