using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>A model, a batch and a loss: enough to time training steps.</summary>
/// <param name="Name">Architecture and size.</param>
/// <param name="Build">Makes the model; called under the same seed for each way of watching it.</param>
/// <param name="Input">Makes the batch.</param>
/// <param name="Classes">Classes of the targets, one a row of the model's output.</param>
/// <param name="Targets">Targets in a batch.</param>
/// <param name="ProcessSeconds">Seconds that a process measures it, at least: a monitor reads most at a run's start, and long steps need longer to get past it.</param>
internal sealed record Workload(
    string Name, Func<nn.Module<Tensor, Tensor>> Build, Func<Tensor> Input, long Classes, long Targets, int ProcessSeconds = 20)
{
    /// <summary>Seconds that a process measures a model whose step takes tenths of a second.</summary>
    private const int ProcessSecondsOfLarge = 160;

    private const int MostProcesses = 8;

    /// <summary>Four architectures at two sizes each.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("MLP 784-256-256-10, batch 64", () => Models.Mlp(784, 256, 256, 10), () => randn(64, 784), 10, 64),
        new("MLP 784-1024-1024-1024-10, batch 128", () => Models.Mlp(784, 1024, 1024, 1024, 10), () => randn(128, 784), 10, 128),
        new("CNN 16-32 channels, batch 32", () => Models.Cnn(16, 32), () => randn(32, 1, 28, 28), 10, 32),
        new("CNN 32-64-128 channels, batch 64", () => Models.Cnn(32, 64, 128), () => randn(64, 1, 28, 28), 10, 64),
        new("LSTM 64 units, 28 steps, batch 32", () => new LstmClassifier(28, 64, 1), () => randn(32, 28, 28), 10, 32),
        new("LSTM 2 × 256 units, 28 steps, batch 64", () => new LstmClassifier(28, 256, 2), () => randn(64, 28, 28), 10, 64, ProcessSecondsOfLarge),
        new("Transformer 2 × 64, 32 tokens, batch 16", () => Models.Transformer(64, 2), () => randint(0, 100, [16, 32]), 100, 16 * 32),
        new("Transformer 4 × 256, 64 tokens, batch 16", () => Models.Transformer(256, 4), () => randint(0, 100, [16, 64]), 100, 16 * 64, ProcessSecondsOfLarge),
    ];

    /// <summary>How many processes share some seconds, one after the other: where a process happens to get its memory makes a percent or two.</summary>
    public int Processes(int seconds) => Math.Clamp(seconds / ProcessSeconds, 1, MostProcesses);
}
