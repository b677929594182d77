using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// What watching costs: the same training with the monitor off, on by default, on for everything on every step, and watched by
/// hand, in alternating blocks of steps. Each ratio is of two blocks of one round, so that the machine's moods cancel.
/// </summary>
/// <param name="clock">Seconds since some moment: of the wall, or of the processor where other programs share the machine.</param>
internal sealed class StepTimeBenchmark(Func<double> clock)
{
    /// <summary>Length of a block. Shorter ones would miss the monitor's sampled steps, or meet more than their share.</summary>
    private const double BlockSeconds = 0.4;

    /// <summary>Steps before the first block: past the steps that the monitor reads densely, and past the compiler's tiers.</summary>
    private const int WarmUpSteps = 100;

    private static readonly Watching[] Ways = Enum.GetValues<Watching>();

    /// <summary>Measures the workloads whose name contains a text, and writes a Markdown table.</summary>
    public void Run(TextWriter output, string filter, int rounds)
    {
        output.WriteLine($"{Environment.ProcessorCount} processors, {get_num_threads()} torch threads, {rounds} rounds");
        output.WriteLine();
        output.WriteLine("| model | step, ms | default | everything, every step | by hand | default, all blocks | every step, all | by hand, all | overhead by hand over default | interval |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var workload in Workload.All.Where(workload => workload.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
            output.WriteLine(Measure(workload, rounds));
    }

    private string Measure(Workload workload, int rounds)
    {
        var directory = Directory.CreateTempSubdirectory("gradguard-benchmark-");
        var trainees = Ways.Select(way => new Trainee(workload, way, Path.Combine(directory.FullName, way.ToString()))).ToArray();
        try
        {
            foreach (var trainee in trainees)
                trainee.Train(WarmUpSteps, clock);
            var steps = Math.Max(2, (int)(BlockSeconds * WarmUpSteps / trainees[0].Train(WarmUpSteps, clock)));
            var before = trainees[(int)Watching.Default].Summary!;
            var times = Ways.Select(_ => new double[rounds]).ToArray();
            for (var round = 0; round < rounds; round++)
            {
                // The order turns with the round, so that no way always follows the same other.
                for (var turn = 0; turn < Ways.Length; turn++)
                {
                    var way = (round + turn) % Ways.Length;
                    times[way][round] = trainees[way].Train(steps, clock);
                }
            }

            var after = trainees[(int)Watching.Default].Summary!;
            var sampled = after.SampledSteps - before.SampledSteps;
            var interval = sampled == 0 ? double.PositiveInfinity : (double)(after.Steps - before.Steps) / sampled;
            var off = times[(int)Watching.Off];
            var medians = Ways.Skip(1).Select(way => Format(Quartiles.Of(times[(int)way].Zip(off, static (on, off) => on / off))));
            var totals = Ways.Skip(1).Select(way => FormattableString.Invariant($"{times[(int)way].Sum() / off.Sum():F3}"));
            var added = Ways.Select(way => times[(int)way].Sum() - off.Sum()).ToArray();
            var share = added[(int)Watching.Default] > 0 ? FormattableString.Invariant($"{added[(int)Watching.HandWritten] / added[(int)Watching.Default]:F1}") : "no overhead";
            var step = FormattableString.Invariant($"{Quartiles.Of(off).Median / steps * 1000:F2}");
            return $"| {workload.Name} | {step} | {string.Join(" | ", medians)} | {string.Join(" | ", totals)} | {share} | {FormattableString.Invariant($"{interval:F0}")} |";
        }
        finally
        {
            foreach (var trainee in trainees)
                trainee.Dispose();
            directory.Delete(recursive: true);
        }
    }

    private static string Format(Quartiles ratio)
        => FormattableString.Invariant($"{ratio.Median:F3} ({ratio.Lower:F3}–{ratio.Upper:F3})");
}
