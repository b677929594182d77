using GradGuard.Benchmarks.StepTime;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.WatchCost;

/// <summary>
/// What watching adds to a step in absolute figures, by how much of the step the monitor takes. Processor time, one torch thread, short
/// groups of steps in turns: the difference of two groups of one round is told by its median over all rounds, so that a busy machine moves it little.
/// </summary>
internal static class WatchCostBenchmark
{
    /// <summary>Steps of a model before its first group, for the compiler's tiers.</summary>
    private const int WarmUpSteps = 100;

    /// <summary>Steps between the start of watching and those that are measured: past the dense start, and far enough that few steps are read by default.</summary>
    private const int SettlingSteps = 60;

    private const int GroupSteps = 15;

    /// <summary>Rounds after which another model takes over, at other addresses.</summary>
    private const int RoundsOfOneModel = 10;

    private static readonly Taken[] Ways = Enum.GetValues<Taken>();

    /// <summary>Measures the models whose name contains a text, and writes a Markdown table.</summary>
    public static void Run(TextWriter output, string filter, int rounds)
    {
        set_num_threads(1);
        output.WriteLine($"{rounds} rounds of {GroupSteps} steps, one torch thread; added by the monitor to a step: processor time (median and quartiles), managed bytes, page faults");
        output.WriteLine();
        output.WriteLine("| model | taken | step, µs | added, µs | % | a module call, µs | bytes | page faults |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (var workload in TinyModels.All.Concat(Workload.All).Where(workload => workload.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
            Measure(output, workload, rounds);
    }

    private static void Measure(TextWriter output, Workload workload, int rounds)
    {
        var costs = Ways.Select(_ => new StepCost[rounds]).ToArray();
        var random = new Random(1);
        var order = Ways.ToArray();
        var buffer = new double[GroupSteps];
        var calls = 0;
        for (var round = 0; round < rounds;)
        {
            using var loop = new WatchedLoop(workload);
            calls = loop.ModuleCalls;
            loop.Measure(Taken.Loss, WarmUpSteps, buffer);
            for (var end = Math.Min(rounds, round + RoundsOfOneModel); round < end; round++)
            {
                // A new order each time, so that no way always follows the same other.
                random.Shuffle(order);
                foreach (var way in order)
                    costs[(int)way][round] = loop.Measure(way, SettlingSteps, buffer);
            }
        }

        foreach (var way in Ways.Skip(1))
            output.WriteLine(Row(workload.Name, way, costs[(int)way], costs[(int)Taken.Nothing], calls));
    }

    private static string Row(string model, Taken way, StepCost[] watched, StepCost[] plain, int calls)
    {
        Quartiles Added(Func<StepCost, double> figure) => Quartiles.Of(watched.Zip(plain, (on, off) => figure(on) - figure(off)));
        var time = Added(static cost => cost.Microseconds);
        var step = Quartiles.Of(plain.Select(static cost => cost.Microseconds)).Median;
        return FormattableString.Invariant(
            $"| {model} | {way} | {step:F0} | {time.Median:F1} ({time.Lower:F1}–{time.Upper:F1}) | {100 * time.Median / step:F1} | {time.Median / calls:F2} | {Added(static cost => cost.Bytes).Median:F0} | {Added(static cost => cost.PageFaults).Median:F1} |");
    }
}
