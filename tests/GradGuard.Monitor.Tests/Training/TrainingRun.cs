using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Training;

/// <summary>A small real training run on separable Gaussian clusters, seeded.</summary>
internal sealed class TrainingRun
{
    public int Steps { get; init; } = 60;

    public int Batch { get; init; } = 64;

    public int Features { get; init; } = 32;

    public int Classes { get; init; } = 4;

    public long Seed { get; init; } = 1;

    public double LearningRate { get; init; } = 0.05;

    /// <summary>True for Adam, false for plain SGD.</summary>
    public bool Adam { get; init; }

    /// <summary>Clip to this norm; null does not clip.</summary>
    public double? Clip { get; init; }

    /// <summary>Null trains without a monitor.</summary>
    public GradientMonitorOptions? Options { get; init; } = new() { SampleEvery = 1 };

    /// <summary>Turns a batch [batch, features] into the model's input.</summary>
    public Func<Tensor, Tensor> Input { get; init; } = static batch => batch.alias();

    /// <summary>Called with the step's number after backward, before the monitor looks.</summary>
    public Action<int>? BeforeObserve { get; init; }

    /// <summary>Called with the step's number before the forward pass.</summary>
    public Action<int>? BeforeForward { get; init; }

    /// <summary>Builds a seeded model, trains it and returns what the monitor said.</summary>
    public Result Train(Func<nn.Module<Tensor, Tensor>> build)
    {
        random.manual_seed(Seed);
        using var model = build();
        var trained = model.parameters().ToArray();
        var optimizer = Adam ? (optim.Optimizer)optim.Adam(trained, LearningRate) : optim.SGD(trained, LearningRate);
        using (optimizer)
        using (var monitor = Options is null ? null : GradientMonitor.Attach(model, Options))
        {
            random.manual_seed(Seed + 1000);
            using var centers = randn(Classes, Features);
            var losses = new List<double>();
            for (var step = 0; step < Steps; step++)
            {
                using var scope = NewDisposeScope();
                BeforeForward?.Invoke(step);
                var labels = randint(0, Classes, Batch, dtype: ScalarType.Int64);
                var data = centers.index_select(0, labels) + (0.5 * randn(Batch, Features));
                optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(model.call(Input(data)), labels);
                loss.backward();
                if (Clip is { } norm)
                    nn.utils.clip_grad_norm_(model.parameters(), norm);
                BeforeObserve?.Invoke(step);
                monitor?.Observe(loss);
                optimizer.step();
                losses.Add(loss.item<float>());
            }

            var parameters = model.parameters().SelectMany(static parameter => parameter.data<float>().ToArray()).ToArray();
            return new Result(monitor?.Alerts.ToArray() ?? [], losses, parameters, monitor?.Summary());
        }
    }

    internal sealed record Result(IReadOnlyList<Alert> Alerts, IReadOnlyList<double> Losses, float[] Parameters, MonitorSummary? Summary)
    {
        public string Told => string.Join("\n", Alerts);
    }
}
