using GradGuard.Monitor;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Cli.Runs.Tests;

/// <summary>A small real training run, watched; what the monitor said of it is kept to compare with what is read back.</summary>
internal sealed class MonitoredTraining
{
    public required GradientMonitorOptions Options { get; init; }

    public long Seed { get; init; } = 1;

    public int Steps { get; init; } = 40;

    /// <summary>Standard deviation of the first layer's weights; 3 and more saturate the sigmoid behind it.</summary>
    public double InitialSpread { get; init; } = 3;

    public double LearningRate { get; init; } = 0.05;

    /// <summary>Turns the loss of a step into another.</summary>
    public Func<int, Tensor, Tensor> Loss { get; init; } = static (_, loss) => loss;

    /// <summary>State to go on from; null starts afresh.</summary>
    public byte[]? From { get; init; }

    /// <summary>Trains, and completes the run.</summary>
    public Result Train()
    {
        set_num_threads(1);
        random.manual_seed(Seed);
        using var model = Sequential(("fc1", Linear(16, 24)), ("act1", Sigmoid()), ("fc2", Linear(24, 12)), ("act2", ReLU()), ("out", Linear(12, 4)));
        init.normal_(((Linear)model[0]).weight!, 0, InitialSpread);
        using var optimizer = optim.SGD(model.parameters(), LearningRate);
        using var monitor = GradientMonitor.Attach(model, Options);
        if (From is not null)
            Assert.True(monitor.LoadState(new MemoryStream(From)));
        var (losses, gradientNorms) = (new List<double>(), new List<double>());
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var labels = randint(0, 4, 32, dtype: ScalarType.Int64);
            optimizer.zero_grad();
            var loss = Loss(step, functional.cross_entropy(model.call(randn(32, 16)), labels));
            loss.backward();
            gradientNorms.Add(((Linear)model[4]).weight!.grad!.norm().item<float>());
            monitor.Observe(loss);
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        using var state = new MemoryStream();
        Assert.True(monitor.SaveState(state));
        monitor.Complete();
        return new(monitor.RunDirectory!, [.. monitor.Alerts], monitor.Summary(), losses, gradientNorms, state.ToArray());
    }

    /// <param name="Directory">Where the run is.</param>
    /// <param name="Alerts">As the monitor raised them.</param>
    /// <param name="Summary">As the monitor has it.</param>
    /// <param name="Losses">Of each step.</param>
    /// <param name="OutputGradientNorms">Of the last layer's weight, at each step.</param>
    /// <param name="State">To go on from.</param>
    internal sealed record Result(
        string Directory, IReadOnlyList<Alert> Alerts, MonitorSummary Summary, IReadOnlyList<double> Losses, IReadOnlyList<double> OutputGradientNorms, byte[] State);
}
