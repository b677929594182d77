using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Convolution;

/// <summary>
/// How often the gradient of a plain convolution, no monitor near, is NaN though the loss is finite: with the instructions that oneDNN chooses for this
/// processor, and without AVX-512.
/// </summary>
internal static class ConvolutionGradients
{
    private const int Steps = 100;

    public static void Run(TextWriter output, int runs)
    {
        output.WriteLine($"AVX-512: {(Avx512F.IsSupported ? "yes" : "no")}; runs of {Steps} steps with a gradient that is not finite under a finite loss, of {runs}");
        output.WriteLine();
        output.WriteLine("| channels | as oneDNN chooses | ONEDNN_MAX_CPU_ISA=AVX2 |");
        output.WriteLine("|---:|---:|---:|");
        foreach (var channels in new[] { 4, 8, 12, 16, 32 })
            output.WriteLine($"| {channels} | {InAProcess(null, channels, runs)} | {InAProcess("AVX2", channels, runs)} |");
    }

    /// <summary>What the processes that <see cref="Run"/> starts do: prints the runs that went wrong.</summary>
    public static void Train(TextWriter output, int channels, int runs)
    {
        set_num_threads(1);
        output.WriteLine(Enumerable.Range(0, runs).Count(seed => GoesWrong(channels, seed)));
    }

    private static bool GoesWrong(int channels, int seed)
    {
        manual_seed(seed);
        using var model = nn.Sequential(
            nn.Conv2d(1, channels, 3, padding: 1), nn.ReLU(), nn.Conv2d(channels, channels, 3, padding: 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 4));
        using var optimizer = optim.Adam(model.parameters(), 1e-3);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(randn(16, 1, 8, 8)), randint(0, 4, 16));
            loss.backward();
            if (double.IsFinite(loss.item<float>()) && model.parameters().Any(static parameter => !parameter.grad!.isfinite().all().item<bool>()))
                return true;
            optimizer.step();
        }

        return false;
    }

    /// <summary>oneDNN reads the limit once, when a process first uses it.</summary>
    private static string InAProcess(string? instructions, int channels, int runs)
        => OwnProcess.RunWith("ONEDNN_MAX_CPU_ISA", instructions, "convolution", $"{runs}", $"{channels}");
}
