using System.Text.Json;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>What was measured of a workload, in one process or several.</summary>
/// <param name="Step">Median of an unwatched step, in seconds.</param>
/// <param name="Ratios">For each <see cref="Watching"/>, the ratio to the unwatched runs of each round.</param>
/// <param name="ReadShares">Share of the steps that were read by default, so deep or deeper, for norms, activations and everything; empty where that way was not asked for.</param>
/// <param name="Sums">For each <see cref="Watching"/>, all seconds.</param>
/// <param name="Own">For each <see cref="Watching"/>, seconds of a step in the monitor's own calls, by its clock: of steps that are alike their median.</param>
/// <param name="MeanOwn">The same at the mean.</param>
internal sealed record WorkloadTimes(
    double Step, IReadOnlyDictionary<Watching, double[]> Ratios, double[] ReadShares, IReadOnlyDictionary<Watching, double> Sums,
    IReadOnlyDictionary<Watching, double> Own, IReadOnlyDictionary<Watching, double> MeanOwn)
{
    private const string Absent = "–";

    /// <summary>Reads what another process printed.</summary>
    /// <exception cref="InvalidOperationException">It failed, as is said in place of figures.</exception>
    public static WorkloadTimes Parse(string printed) => printed.StartsWith('{')
        ? JsonSerializer.Deserialize<WorkloadTimes>(printed)!
        : throw new InvalidOperationException($"The process that measures {printed}.");

    /// <summary>All rounds of several processes, as if they were one's.</summary>
    public static WorkloadTimes Together(IReadOnlyCollection<WorkloadTimes> processes)
    {
        var first = processes.First();
        return new(
            processes.Average(static times => times.Step),
            first.Ratios.Keys.ToDictionary(static way => way, way => processes.SelectMany(times => times.Ratios[way]).ToArray()),
            [.. first.ReadShares.Select((_, depth) => processes.Average(times => times.ReadShares[depth]))],
            first.Sums.Keys.ToDictionary(static way => way, way => processes.Sum(times => times.Sums[way])),
            first.Own.Keys.ToDictionary(static way => way, way => processes.Average(times => times.Own[way])),
            first.MeanOwn.Keys.ToDictionary(static way => way, way => processes.Average(times => times.MeanOwn[way])));
    }

    /// <summary>For <see cref="Parse"/>.</summary>
    public string Print() => JsonSerializer.Serialize(this);

    /// <summary>A row of the benchmark's table; a way that was not asked for has a dash.</summary>
    /// <param name="name">The workload's.</param>
    public string Row(string name)
    {
        string Ratio(Watching way)
        {
            if (!Ratios.TryGetValue(way, out var ratios))
                return Absent;
            var quartiles = Quartiles.Of(ratios);
            return FormattableString.Invariant($"{quartiles.Median:F3} ({quartiles.Lower:F3}–{quartiles.Upper:F3})");
        }

        var unwatched = (Sums[Watching.Off] + Sums[Watching.Control]) / 2;
        string Sum(Watching way) => Sums.TryGetValue(way, out var sum) ? FormattableString.Invariant($"{sum / unwatched:F3}") : Absent;
        string Calls(Watching way) => Own.TryGetValue(way, out var own) ? FormattableString.Invariant($"{100 * own / Step:F2} ({100 * MeanOwn[way] / Step:F2})") : Absent;
        Watching[] watched = [Watching.Default, Watching.EveryStep, Watching.ReadOnce, Watching.HandWritten, Watching.ThoroughlyHandWritten];
        var every = ReadShares.Length == 0 ? Absent : string.Join(", ", ReadShares.Select(static share => share > 0 ? FormattableString.Invariant($"{1 / share:F0}") : "none"));
        return FormattableString.Invariant($"| {name} | {Step * 1000:F2} | {Ratio(Watching.Control)} | {Ratio(Watching.Default)} | {every} | ")
            + $"{string.Join(" | ", watched.Skip(1).Select(Ratio))} | {string.Join(" | ", watched.Select(Sum).Concat(watched.Select(Calls)))} |";
    }
}
