using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Testing;

/// <summary>A user's training program on separable Gaussian clusters of 32 features in 4 classes: seeded model, optimizer and data.</summary>
internal sealed class ClusterTraining : IDisposable
{
    private readonly Tensor centers;

    public ClusterTraining(int seed, Func<nn.Module<Tensor, Tensor>> build, double learningRate = 0.05)
    {
        random.manual_seed(seed);
        Model = build();
        Optimizer = optim.SGD(Model.parameters(), learningRate);
        random.manual_seed(seed + 1000);
        centers = randn(4, 32);
    }

    public nn.Module<Tensor, Tensor> Model { get; }

    public optim.Optimizer Optimizer { get; }

    /// <summary>Turns features [batch, 32] into the model's input.</summary>
    public Func<Tensor, Tensor> Input { get; init; } = static batch => batch;

    /// <summary>Steps begun.</summary>
    public int Steps { get; private set; }

    /// <summary>Loss of a fresh batch of 64.</summary>
    public Tensor Loss()
    {
        Steps++;
        var labels = randint(0, 4, 64, dtype: ScalarType.Int64);
        var data = centers.index_select(0, labels) + (0.5 * randn(64, 32));
        return nn.functional.cross_entropy(Model.call(Input(data)), labels);
    }

    /// <summary>One step; with null it is the same program without a monitor.</summary>
    public void Step(GradientMonitor? monitor)
    {
        using var scope = NewDisposeScope();
        Optimizer.zero_grad();
        var loss = Loss();
        loss.backward();
        monitor?.Observe(loss);
        Optimizer.step();
    }

    public float[] Parameters() => [.. Model.parameters().SelectMany(static parameter => parameter.data<float>().ToArray())];

    public void Dispose()
    {
        centers.Dispose();
        Optimizer.Dispose();
        Model.Dispose();
    }
}
