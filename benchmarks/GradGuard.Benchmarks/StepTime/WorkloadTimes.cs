using System.Text.Json;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>What was measured of a workload, in one process or several.</summary>
/// <param name="Step">Median of an unwatched step, in seconds.</param>
/// <param name="Ratios">For each <see cref="Watching"/>, the ratio to the unwatched runs of each round.</param>
/// <param name="ReadShares">Share of the steps that were read by default, so deep or deeper, for norms, activations and everything.</param>
/// <param name="Sums">For each <see cref="Watching"/>, all seconds.</param>
internal sealed record WorkloadTimes(double Step, double[][] Ratios, double[] ReadShares, double[] Sums)
{
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
            [.. first.Ratios.Select((_, way) => processes.SelectMany(times => times.Ratios[way]).ToArray())],
            [.. first.ReadShares.Select((_, depth) => processes.Average(times => times.ReadShares[depth]))],
            [.. first.Sums.Select((_, way) => processes.Sum(times => times.Sums[way]))]);
    }

    /// <summary>For <see cref="Parse"/>.</summary>
    public string Print() => JsonSerializer.Serialize(this);

    /// <summary>A row of the benchmark's table.</summary>
    /// <param name="name">The workload's.</param>
    public string Row(string name)
    {
        string Ratio(Watching way)
        {
            var quartiles = Quartiles.Of(Ratios[(int)way]);
            return FormattableString.Invariant($"{quartiles.Median:F3} ({quartiles.Lower:F3}–{quartiles.Upper:F3})");
        }

        var every = ReadShares.Select(static share => FormattableString.Invariant($"{1 / share:F0}"));
        var sums = Sums.Skip((int)Watching.Default)
            .Select(sum => FormattableString.Invariant($"{2 * sum / (Sums[(int)Watching.Off] + Sums[(int)Watching.Control]):F3}"));
        return FormattableString.Invariant($"| {name} | {Step * 1000:F2} | {Ratio(Watching.Control)} | {Ratio(Watching.Default)} | {string.Join(", ", every)} | ")
            + $"{Ratio(Watching.EveryStep)} | {Ratio(Watching.ReadOnce)} | {Ratio(Watching.HandWritten)} | {Ratio(Watching.ThoroughlyHandWritten)} | {string.Join(" | ", sums)} |";
    }
}
