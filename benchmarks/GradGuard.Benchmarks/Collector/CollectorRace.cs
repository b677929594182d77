using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Collector;

/// <summary>
/// How often a plain Adam loop, no monitor near, fails because a background collection freed a Scalar of TorchSharp under the call that
/// reads it: the same loop in a process with the background collector and in one without.
/// </summary>
internal static class CollectorRace
{
    private const int StepsOfARun = 300;

    /// <summary>Above 85,000 bytes an array comes from the large object heap, whose growth is what starts background collections.</summary>
    private const int LargeArrayBytes = 400_000;

    public static void Run(TextWriter output, int seconds)
    {
        output.WriteLine("background collector |   steps | failed | collections of generation 2");
        foreach (var concurrent in new[] { true, false })
            output.WriteLine($"{(concurrent ? "on" : "off"),20} | {InAProcess(concurrent, seconds)}");
    }

    /// <summary>The loop itself, for <paramref name="seconds"/>: what the processes that <see cref="Run"/> starts do.</summary>
    public static void Train(TextWriter output, int seconds)
    {
        set_num_threads(1);
        var batches = new byte[32][];
        var (steps, failed, clock) = (0, 0, Stopwatch.StartNew());
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            using var scope = NewDisposeScope();
            var model = nn.Linear(64, 64);
            using var optimizer = optim.Adam(model.parameters());
            for (var step = 0; step < StepsOfARun; step++, steps++)
            {
                if (step % 3 == 0)
                    batches[steps / 3 % batches.Length] = new byte[LargeArrayBytes];
                try
                {
                    Step(model, optimizer);
                }
                catch (ExternalException)
                {
                    failed++;
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps,7:N0} | {failed,6:N0} | {GC.CollectionCount(2):N0} ({GCSettings.LatencyMode})"));
    }

    private static void Step(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        model.call(ones(8, 64)).pow(2).mean().backward();
        optimizer.step();
    }

    /// <summary>The collector's kind is settled when a process starts, and the environment goes before runtimeconfig.json.</summary>
    private static string InAProcess(bool concurrent, int seconds)
        => OwnProcess.RunWith("DOTNET_gcConcurrent", concurrent ? "1" : "0", "collector", $"{seconds}", "in-this-process");
}
