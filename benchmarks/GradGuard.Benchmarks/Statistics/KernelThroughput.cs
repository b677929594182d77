using System.Diagnostics;
using System.Numerics;
using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Statistics;

/// <summary>
/// How fast the statistics kernels read, beside the floor (a plain vectorised sum over the same memory, one thread) and beside
/// torch operations that give a part of the same figures.
/// </summary>
internal static class KernelThroughput
{
    private const int Rounds = 41;
    private const double SecondsPerRound = 0.004;

    /// <summary>Rows × features: a bias or small layer, a layer in L2, in L3, and one in memory.</summary>
    private static readonly (int Rows, int Features)[] Sizes = [(64, 64), (64, 1024), (512, 1024), (1024, 4096), (8192, 4096)];

    /// <summary>Measures every size and writes a Markdown table.</summary>
    public static void Run(TextWriter output)
    {
        output.WriteLine($"{Environment.ProcessorCount} processors, {get_num_threads()} torch threads, {Vector<byte>.Count * 8}-bit vectors");
        output.WriteLine();
        output.WriteLine("| pass | elements | time, µs | GB/s | × the plain sum |");
        output.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var (rows, features) in Sizes)
            Measure(rows, features, output);
    }

    private static void Measure(int rows, int features, TextWriter output)
    {
        using var scope = NewDisposeScope();
        var random = new Random(1);
        var values = new float[rows * features];
        foreach (ref var value in values.AsSpan())
            value = Math.Max(0, (float)random.NextDouble() - 0.5f);
        var tensor = Reshaped(values, rows, features);
        var other = tensor.clone();
        var half = tensor.to_type(ScalarType.BFloat16);
        using var single = new StatisticsBatch(maxDegree: 1);
        using var parallel = new StatisticsBatch();
        var activity = new StatisticsRequest { UnitDimension = 1, Activity = UnitActivityRule.Above };
        var bounded = activity.WithBound(0.4);
        (string Name, Action Pass)[] passes =
        [
            ("plain sum", () => PlainSum.Of(tensor)),
            ("moments", () => Read(single, tensor, new())),
            ("moments, all threads", () => Read(parallel, tensor, new())),
            ("moments, every 8th row", () => Read(single, tensor, new() { RowStride = 8 })),
            ("moments + unit activity", () => Read(single, tensor, activity)),
            ("moments + unit activity + bounds", () => Read(single, tensor, bounded)),
            ("moments of bfloat16", () => Read(single, half, new())),
            ("non-finite check", () => NonFiniteCheck.FirstIn([tensor])),
            ("update norm", () => UpdateNorm.Between(tensor, other)),
            ("torch: norm().item()", () => TorchNorm(tensor)),
            ("torch: eq(0).mean().item()", () => TorchZeroShare(tensor)),
            ("torch: sum, norm, min, max, isfinite, eq(0)", () => TorchFigures(tensor)),
        ];

        // Passes take turns, so that a slow spell of the machine meets all of them.
        var repeats = passes.Select(pass => Repeats(pass.Pass)).ToArray();
        var times = passes.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < passes.Length; i++)
                times[i].Add(Time(passes[i].Pass, repeats[i]) / repeats[i]);
        }

        var floor = Quartiles.Of(times[0]).Median;
        for (var i = 0; i < passes.Length; i++)
        {
            var seconds = Quartiles.Of(times[i]).Median;
            var gigabytes = values.Length * sizeof(float) / seconds / 1e9;
            output.WriteLine(FormattableString.Invariant(
                $"| {passes[i].Name} | {values.Length:N0} | {seconds * 1e6:F2} | {gigabytes:F1} | {seconds / floor:F2} |"));
        }
    }

    private static Tensor Reshaped(float[] values, int rows, int features) => tensor(values).reshape(rows, features);

    private static int Repeats(Action pass)
    {
        // Long enough for the tiered compiler to have replaced its first code.
        var clock = Stopwatch.StartNew();
        var count = 0;
        for (; clock.Elapsed.TotalSeconds < 0.25; count++)
            pass();
        return Math.Max(1, (int)(SecondsPerRound * count / clock.Elapsed.TotalSeconds));
    }

    private static double Time(Action pass, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
            pass();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Read(StatisticsBatch batch, Tensor tensor, StatisticsRequest request)
    {
        batch.Add(tensor, request);
        batch.Complete();
    }

    private static void TorchNorm(Tensor tensor)
    {
        using var norm = tensor.norm();
        norm.item<float>();
    }

    private static void TorchZeroShare(Tensor tensor)
    {
        using var zero = tensor.eq(0);
        using var share = zero.mean([0, 1], type: ScalarType.Float32);
        share.item<float>();
    }

    private static void TorchFigures(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        tensor.sum().item<float>();
        tensor.norm().item<float>();
        tensor.min().item<float>();
        tensor.max().item<float>();
        tensor.isfinite().all().item<bool>();
        tensor.eq(0).sum().item<long>();
    }
}
