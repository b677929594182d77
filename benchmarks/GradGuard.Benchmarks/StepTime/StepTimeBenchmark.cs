using GradGuard.Monitor;
using GradGuard.Monitor.Sampling;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// What watching costs: the same training with the monitor off, on by default, on for everything on every step, and watched by hand, in alternating
/// blocks of steps. Each ratio is of two blocks of one round, so that the machine's moods cancel.
/// </summary>
/// <param name="clock">Seconds since some moment: of the wall, or of the processor where other programs share the machine.</param>
/// <param name="ways">The ways that are compared, unwatched runs among them.</param>
internal sealed class StepTimeBenchmark(Func<double> clock, IReadOnlyList<Watching> ways)
{
    /// <summary>Length of a block: short, since a machine's mood lasts for tenths of a second.</summary>
    private const double BlockSeconds = 0.025;

    /// <summary>Steps of a block at least: its first one finds the caches full of another run's data, and must not be its median.</summary>
    private const int ShortestBlock = 6;

    /// <summary>The same where so many steps take longer than a mood: to fill the caches anew is a small part of such a step.</summary>
    private const int ShortestBlockOfLong = 3;

    /// <summary>Seconds of a step from which it is long in that sense.</summary>
    private const double LongStep = 0.1;

    /// <summary>Rounds at least, for quartiles that say something.</summary>
    private const int FewestRounds = 10;

    /// <summary>Steps before the first block: past the compiler's tiers.</summary>
    private const int WarmUpSteps = 200;

    /// <summary>The same by default: past the steps that the monitor reads more often than later ones, where steps are long.</summary>
    private const int SettledSteps = (int)(SamplingSchedule.ShortestInterval / SamplingSchedule.ShortestShare);

    /// <summary>Seconds of a step from which the other runs do not wait for that one: each would take a minute and more.</summary>
    private const double LongToSettle = 0.05;

    /// <summary>And where they are so short that the budget has it read as seldom as it ever does.</summary>
    private const int SettledShortSteps = (int)(SamplingSchedule.LongestInterval / SamplingSchedule.LongestShare);

    /// <summary>Share of the seconds that one run may take to get there.</summary>
    private const double SettlingShare = 0.25;

    /// <summary>
    /// Measures the workloads whose name contains a text, each in processes of its own, and writes a Markdown table: one that finds the heap that others have used
    /// measures them as well.
    /// </summary>
    /// <param name="benchmark">Name of the benchmark, for the processes.</param>
    /// <param name="output">Where to.</param>
    /// <param name="options">Which, and how long.</param>
    public static void Run(string benchmark, TextWriter output, StepTimeOptions options)
    {
        output.WriteLine($"{Environment.ProcessorCount} processors, {get_num_threads()} torch threads, {options.Seconds} s a model; step time over that of the unwatched runs: median (quartiles)");
        output.WriteLine();
        output.WriteLine("| model | step, ms | control | default | norms, activations, everything read 1 in | everything, every step | reading alone | by hand | by hand, all figures | all steps: default | everything | reading alone | by hand | all figures | own calls, %: default | everything | reading alone | by hand | all figures |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var workload in Workload.All.Where(workload => workload.Name.Contains(options.Model, StringComparison.OrdinalIgnoreCase)))
        {
            var processes = workload.Processes(options.Seconds);
            var arguments = options.Of(workload.Name, options.Seconds / processes);
            var times = Enumerable.Range(0, processes).Select(_ => WorkloadTimes.Parse(OwnProcess.Run([benchmark, .. arguments, "in-this-process"])));
            output.WriteLine(WorkloadTimes.Together([.. times]).Row(workload.Name));
        }
    }

    /// <summary>Measures a workload.</summary>
    /// <param name="name">Its whole name.</param>
    /// <param name="seconds">As above, for this process.</param>
    public WorkloadTimes Measure(string name, int seconds) => Measure(Workload.All.Single(workload => workload.Name == name), seconds);

    private WorkloadTimes Measure(Workload workload, double seconds)
    {
        var directory = Directory.CreateTempSubdirectory("gradguard-benchmark-");
        var trainees = ways.Select(way => new Trainee(workload, way, Path.Combine(directory.FullName, way.ToString()))).ToArray();
        try
        {
            // What a step takes depends on the data, such as how well the processor foresees which element is the largest of a pool: 2% of a step of the small CNN lie between two
            // states of its training. So all runs stand at the same step, but for long ones, which are made of products of matrices and take too long for it.
            trainees[0].Train(ShortestBlock, clock);
            var first = Quartiles.Of(trainees[0].Train(ShortestBlock, clock).Select(static step => step.Seconds)).Median;
            var warmUp = (int)Math.Clamp(seconds / (ways.Count * first), ShortestBlock, WarmUpSteps);
            var settled = (int)Math.Max(Math.Clamp(seconds / first, warmUp, SettledSteps), Math.Min(SettledShortSteps, SettlingShare * seconds / first));
            var settlesAll = ways.Contains(Watching.Default) && first < LongToSettle;
            foreach (var (way, trainee) in ways.Zip(trainees))
                trainee.Train(Math.Max(0, (settlesAll || way == Watching.Default ? settled : warmUp) - trainee.Steps), clock);
            var block = (int)Math.Max(first < LongStep ? ShortestBlock : ShortestBlockOfLong, BlockSeconds / first);
            var rounds = (int)Math.Max(FewestRounds, seconds / (ways.Count * block * first));
            var times = ways.Select(static _ => new StepTimes()).ToArray();
            for (var round = 0; round < rounds; round++)
            {
                // The order turns with the round, so that no way always follows the same other.
                for (var turn = 0; turn < ways.Count; turn++)
                {
                    var way = (round + turn) % ways.Count;
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

    private WorkloadTimes Of(StepTimes[] times)
    {
        // Where a run's memory happens to lie makes a percent or two: two unwatched runs are a better measure than one.
        var byWay = ways.Zip(times).ToDictionary(static way => way.First, static way => way.Second);
        var (off, control) = (byWay[Watching.Off], byWay[Watching.Control]);
        ReadingDepth[] depths = [ReadingDepth.Norms, ReadingDepth.Activations, ReadingDepth.Everything];
        return new(
            off.Median,
            byWay.ToDictionary(static way => way.Key, way => (way.Key == Watching.Control ? control.RatiosTo(off) : way.Value.RatiosTo(off, control)).ToArray()),
            byWay.TryGetValue(Watching.Default, out var byDefault) ? [.. depths.Select(byDefault.ReadShare)] : [],
            byWay.ToDictionary(static way => way.Key, static way => way.Value.Sum),
            byWay.ToDictionary(static way => way.Key, static way => way.Value.UsualOwn),
            byWay.ToDictionary(static way => way.Key, static way => way.Value.MeanOwn));
    }
}
