using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>A model, a batch and a loss: enough to time training steps.</summary>
/// <param name="Name">Architecture and size.</param>
/// <param name="Build">Makes the model; called under the same seed for each way of watching it.</param>
/// <param name="Input">Makes the batch.</param>
/// <param name="Classes">Classes of the targets, one a row of the model's output.</param>
/// <param name="Targets">Targets in a batch.</param>
/// <param name="Processes">
/// How many processes measure it, one after the other: where a process happens to get its memory makes a percent or two of a small model. A larger one needs the time in one.
/// </param>
internal sealed record Workload(
    string Name, Func<nn.Module<Tensor, Tensor>> Build, Func<Tensor> Input, long Classes, long Targets, int Processes = 1)
{
    /// <summary>Processes that measure a small model.</summary>
    public const int ProcessesOfSmall = 4;

    /// <summary>Four architectures at two sizes each.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("MLP 784-256-256-10, batch 64", () => Models.Mlp(784, 256, 256, 10), () => randn(64, 784), 10, 64, ProcessesOfSmall),
        new("MLP 784-1024-1024-1024-10, batch 128", () => Models.Mlp(784, 1024, 1024, 1024, 10), () => randn(128, 784), 10, 128),
        new("CNN 16-32 channels, batch 32", () => Models.Cnn(16, 32), () => randn(32, 1, 28, 28), 10, 32, ProcessesOfSmall),
        new("CNN 32-64-128 channels, batch 64", () => Models.Cnn(32, 64, 128), () => randn(64, 1, 28, 28), 10, 64),
        new("LSTM 64 units, 28 steps, batch 32", () => new LstmClassifier(28, 64, 1), () => randn(32, 28, 28), 10, 32, ProcessesOfSmall),
        new("LSTM 2 × 256 units, 28 steps, batch 64", () => new LstmClassifier(28, 256, 2), () => randn(64, 28, 28), 10, 64),
        new("Transformer 2 × 64, 32 tokens, batch 16", () => Models.Transformer(64, 2), () => randint(0, 100, [16, 32]), 100, 16 * 32, ProcessesOfSmall),
        new("Transformer 4 × 256, 64 tokens, batch 16", () => Models.Transformer(256, 4), () => randint(0, 100, [16, 64]), 100, 16 * 64),
    ];
}
