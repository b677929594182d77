using GradGuard.Monitor.Recording;
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

    /// <summary>Clip through the monitor, so that it knows.</summary>
    public bool ClipThroughMonitor { get; init; }

    /// <summary>Standard deviation of the samples around the centre of their class.</summary>
    public double Spread { get; init; } = 0.5;

    /// <summary>Share of each class in the batches; null for equal shares.</summary>
    public double[]? ClassShares { get; init; }

    /// <summary>Null trains without a monitor.</summary>
    public GradientMonitorOptions? Options { get; init; } = new() { SampleEvery = 1 };

    /// <summary>Turns a batch [batch, features] into the model's input.</summary>
    public Func<Tensor, Tensor> Input { get; init; } = static batch => batch.alias();

    /// <summary>Called with the step's number after backward, before the monitor looks.</summary>
    public Action<int>? BeforeObserve { get; init; }

    /// <summary>Called with the step's number before the forward pass.</summary>
    public Action<int>? BeforeForward { get; init; }

    /// <summary>Gives the step's samples [batch, features] and labels [batch] in place of those drawn.</summary>
    public Func<int, Tensor, Tensor, (Tensor Data, Tensor Labels)>? Spoil { get; init; }

    /// <summary>The learning rate of a step, in place of <see cref="LearningRate"/>.</summary>
    public Func<int, double>? Schedule { get; init; }

    /// <summary>Loss of the model's output for the labels; cross-entropy by default.</summary>
    public Func<Tensor, Tensor, Tensor> Loss { get; init; } = static (output, labels) => nn.functional.cross_entropy(output, labels);

    /// <summary>Called with each record.</summary>
    public Action<StepRecord>? Recorded { get; init; }

    /// <summary>Called with the monitor when training is over.</summary>
    public Action<GradientMonitor>? AfterTraining { get; init; }

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
            if (monitor is not null && Recorded is not null)
                monitor.Recorded += Recorded;
            random.manual_seed(Seed + 1000);
            using var centers = randn(Classes, Features);
            var losses = new List<double>();
            for (var step = 0; step < Steps; step++)
            {
                using var scope = NewDisposeScope();
                BeforeForward?.Invoke(step);
                var labels = ClassShares is null
                    ? randint(0, Classes, Batch, dtype: ScalarType.Int64)
                    : multinomial(tensor(ClassShares), Batch, replacement: true);
                var data = centers.index_select(0, labels) + (Spread * randn(Batch, Features));
                if (Spoil is { } spoil)
                    (data, labels) = spoil(step, data, labels);
                foreach (var group in optimizer.ParamGroups)
                    group.LearningRate = Schedule?.Invoke(step) ?? LearningRate;
                optimizer.zero_grad();
                var loss = Loss(model.call(Input(data)), labels);
                loss.backward();
                if (Clip is { } norm && ClipThroughMonitor)
                    monitor!.ClipGradNorm(model.parameters(), norm);
                else if (Clip is { } maxNorm)
                    nn.utils.clip_grad_norm_(model.parameters(), maxNorm);
                BeforeObserve?.Invoke(step);
                monitor?.Observe(loss);
                optimizer.step();
                losses.Add(loss.item<float>());
            }

            if (monitor is not null)
                AfterTraining?.Invoke(monitor);
            var parameters = model.parameters().SelectMany(static parameter => parameter.data<float>().ToArray()).ToArray();
            return new Result(monitor?.Alerts.ToArray() ?? [], losses, parameters, monitor?.Summary());
        }
    }

    internal sealed record Result(IReadOnlyList<Alert> Alerts, IReadOnlyList<double> Losses, float[] Parameters, MonitorSummary? Summary)
    {
        public string Told => string.Join("\n", Alerts);
    }
}
