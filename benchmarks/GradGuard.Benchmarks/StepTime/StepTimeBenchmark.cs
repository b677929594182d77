using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// What watching costs: the same training with the monitor off, on by default, on for everything on every step, and watched by hand, in alternating
/// blocks of steps. Each ratio is of two blocks of one round, so that the machine's moods cancel.
/// </summary>
/// <param name="clock">Seconds since some moment: of the wall, or of the processor where other programs share the machine.</param>
internal sealed class StepTimeBenchmark(Func<double> clock)
{
    /// <summary>Length of a block: short, since a machine's mood lasts for tenths of a second.</summary>
    private const double BlockSeconds = 0.025;

    /// <summary>Steps of a block at least: its first one finds the caches full of another run's data, and must not be its median.</summary>
    private const int ShortestBlock = 6;

    /// <summary>Rounds at least, for quartiles that say something.</summary>
    private const int FewestRounds = 10;

    /// <summary>Steps before the first block: past the steps that the monitor reads densely, and past the compiler's tiers.</summary>
    private const int WarmUpSteps = 200;

    private static readonly Watching[] Ways = Enum.GetValues<Watching>();

    /// <summary>
    /// Measures the workloads whose name contains a text, each in processes of its own, and writes a Markdown table: one that finds the heap that others have used
    /// measures them as well.
    /// </summary>
    /// <param name="benchmark">Name of the benchmark, for the processes.</param>
    /// <param name="output">Where to.</param>
    /// <param name="filter">Part of a name.</param>
    /// <param name="seconds">Time for each workload, about, beyond its warm-up; its processes share it.</param>
    public static void Run(string benchmark, TextWriter output, string filter, int seconds)
    {
        output.WriteLine($"{Environment.ProcessorCount} processors, {get_num_threads()} torch threads, {seconds} s a model, of the small ones in {Workload.ProcessesOfSmall} processes; step time over that of the unwatched runs: median (quartiles)");
        output.WriteLine();
        output.WriteLine("| model | step, ms | control | default | norms, activations, everything read 1 in | everything, every step | reading alone | by hand | by hand, all figures | all steps: default | everything | reading alone | by hand | all figures |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var workload in Workload.All.Where(workload => workload.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            var share = Math.Max(1, seconds / workload.Processes);
            var processes = Enumerable.Range(0, workload.Processes).Select(_ => WorkloadTimes.Parse(OwnProcess.Run(benchmark, workload.Name, $"{share}", "in-this-process")));
            output.WriteLine(WorkloadTimes.Together([.. processes]).Row(workload.Name));
        }
    }

    /// <summary>Measures a workload.</summary>
    /// <param name="name">Its whole name.</param>
    /// <param name="seconds">As above, for this process.</param>
    public WorkloadTimes Measure(string name, int seconds) => Measure(Workload.All.Single(workload => workload.Name == name), seconds);

    private WorkloadTimes Measure(Workload workload, double seconds)
    {
        var directory = Directory.CreateTempSubdirectory("gradguard-benchmark-");
        var trainees = Ways.Select(way => new Trainee(workload, way, Path.Combine(directory.FullName, way.ToString()))).ToArray();
        try
        {
            trainees[0].Train(ShortestBlock, clock);
            var first = Quartiles.Of(trainees[0].Train(ShortestBlock, clock).Select(static step => step.Seconds)).Median;
            var warmUp = (int)Math.Clamp(seconds / (Ways.Length * first), ShortestBlock, WarmUpSteps);
            foreach (var trainee in trainees)
                trainee.Train(warmUp, clock);
            var block = (int)Math.Max(ShortestBlock, BlockSeconds / first);
            var rounds = (int)Math.Max(FewestRounds, seconds / (Ways.Length * block * first));
            var times = Array.ConvertAll(Ways, static _ => new StepTimes());
            for (var round = 0; round < rounds; round++)
            {
                // The order turns with the round, so that no way always follows the same other.
                for (var turn = 0; turn < Ways.Length; turn++)
                {
                    var way = (round + turn) % Ways.Length;
                    times[way].Add(trainees[way].Train(block, clock));
                }
            }

            return Of(times);
        }
        finally
        {
            foreach (var trainee in trainees)
                trainee.Dispose();
            directory.Delete(recursive: true);
        }
    }

    private static WorkloadTimes Of(StepTimes[] times)
    {
        // Where a run's memory happens to lie makes a percent or two: two unwatched runs are a better measure than one.
        var (off, control) = (times[(int)Watching.Off], times[(int)Watching.Control]);
        ReadingDepth[] depths = [ReadingDepth.Norms, ReadingDepth.Activations, ReadingDepth.Everything];
        return new(
            off.Median,
            [.. Ways.Select(way => (way == Watching.Control ? control.RatiosTo(off) : times[(int)way].RatiosTo(off, control)).ToArray())],
            [.. depths.Select(times[(int)Watching.Default].ReadShare)],
            Array.ConvertAll(times, static way => way.Sum));
    }
}
