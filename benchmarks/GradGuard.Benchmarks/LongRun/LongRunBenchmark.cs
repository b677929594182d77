using GradGuard.Monitor;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.LongRun;

/// <summary>
/// Whether a long run grows under the monitor: tensors alive, managed heap and resident memory along the way, of a sound model with the
/// default options, and of a broken one that raises an alert at every reading.
/// </summary>
internal static class LongRunBenchmark
{
    /// <summary>Lines of each table.</summary>
    private const int Lines = 10;

    /// <summary>The first of them that later ones are compared with: caches, pools and the compiler have settled by then.</summary>
    private const int Settled = 2;

    /// <summary>Growth of the resident memory that is noise of allocators.</summary>
    private const double Tolerance = 1.1;

    /// <summary>The steps that the arguments ask for; null where they make no sense.</summary>
    public static int? StepsOf(string[] arguments)
        => arguments.Length == 0 ? 100_000 : int.TryParse(arguments[0], out var steps) && steps >= Lines ? steps : null;

    /// <summary>Trains both models, and writes a table of each.</summary>
    /// <returns>True when neither grew.</returns>
    public static bool Run(TextWriter output, int steps)
    {
        set_num_threads(1);
        var isFlat = Train(output, "sound, default options", steps, weights: 0.2, new GradientMonitorOptions { RecordFileBytes = 1 << 20, RunDirectory = NewDirectory() });
        return Train(output, "broken, an alert at every reading", steps, weights: 50,
            new GradientMonitorOptions { SampleEvery = 4, AlertCooldown = 1, RecordFileBytes = 1 << 20, RunDirectory = NewDirectory() }) && isFlat;
    }

    private static string NewDirectory() => Directory.CreateTempSubdirectory("gradguard-long-run-").FullName;

    private static bool Train(TextWriter output, string title, int steps, double weights, GradientMonitorOptions options)
    {
        output.WriteLine($"{title}, {steps:N0} steps");
        output.WriteLine();
        output.WriteLine("| step | tensors alive | managed heap, MB | resident, MB | alerts | held | files of records |");
        output.WriteLine("|---:|---:|---:|---:|---:|---:|---:|");
        manual_seed(1);
        using var model = nn.Sequential(("fc1", nn.Linear(32, 64)), ("act1", nn.Sigmoid()), ("out", nn.Linear(64, 4)));
        nn.init.normal_(model.get_parameter("fc1.weight")!, 0, weights);
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        using var centers = randn(4, 32);
        var monitor = GradientMonitor.Attach(model, options);
        var seen = new List<(long Tensors, long Resident)>();
        for (var step = 1; step <= steps; step++)
        {
            Step(model, optimizer, centers, monitor);
            if (step % Math.Max(1, steps / Lines) == 0)
                seen.Add(Line(output, step, monitor));
        }

        monitor.Dispose();
        Directory.Delete(monitor.RunDirectory!, recursive: true);
        output.WriteLine();
        var before = seen[Math.Min(Settled, seen.Count) - 1];
        return seen.Skip(Settled).All(after => after.Tensors == before.Tensors && after.Resident < Tolerance * before.Resident);
    }

    private static void Step(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer, Tensor centers, GradientMonitor monitor)
    {
        using var scope = NewDisposeScope();
        var labels = randint(0, 4, 16, dtype: ScalarType.Int64);
        optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(model.call(centers.index_select(0, labels) + (0.5 * randn(16, 32))), labels);
        loss.backward();
        monitor.Observe(loss);
        optimizer.step();
    }

    private static (long Tensors, long Resident) Line(TextWriter output, int step, GradientMonitor monitor)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var tensors = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        var resident = Environment.WorkingSet;
        var files = Directory.GetFiles(monitor.RunDirectory!, "records*.jsonl").Length;
        output.WriteLine(FormattableString.Invariant(
            $"| {step:N0} | {tensors} | {GC.GetTotalMemory(forceFullCollection: true) / 1e6:F1} | {resident / 1e6:F0} | {Told(monitor)} | {monitor.Alerts.Count:N0} | {files} |"));
        return (tensors, resident);
    }

    private static string Told(GradientMonitor monitor)
        => string.Join(", ", monitor.Summary().AlertCounts.Select(static count => FormattableString.Invariant($"{count.Key} × {count.Value:N0}")));
}
