using GradGuard.Benchmarks.StepTime;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.WatchCost;

/// <summary>The architectures of the step-time benchmark, so narrow that the monitor's own calls stand out beside the arithmetic.</summary>
internal static class TinyModels
{
    /// <summary>One of each architecture.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("tiny MLP 16-16-16-16-10, batch 4", () => Models.Mlp(16, 16, 16, 16, 10), () => randn(4, 16), 10, 4),
        new("tiny CNN 2-4 channels, batch 1", () => Models.Cnn(2, 4), () => randn(1, 1, 28, 28), 10, 1),
        new("tiny LSTM 8 units, 4 steps, batch 2", () => new LstmClassifier(4, 8, 1), () => randn(2, 4, 4), 10, 2),
        new("tiny Transformer 1 × 16, 4 tokens, batch 1", () => Models.Transformer(16, 1), () => randint(0, 100, [1, 4]), 100, 4),
    ];
}
