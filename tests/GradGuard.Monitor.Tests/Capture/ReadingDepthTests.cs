using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;
using GradGuard.Monitor.Tests.Sampling;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Capture;

/// <summary>How much of a step its record holds.</summary>
public sealed class ReadingDepthTests
{
    [Fact]
    public void Past_the_start_gradients_are_kept_by_outputs_of_layers_with_weights_and_of_what_no_other_gradient_tells()
    {
        var records = Records(
            () => Sequential(("conv", Conv2d(1, 4, 3)), ("relu", ReLU()), ("pool", MaxPool2d(2)), ("flat", Flatten()), ("norm", LayerNorm(36)), ("bare", LayerNorm(36, elementwise_affine: false)), ("fc", Linear(36, 4))),
            () => randn(8, 1, 8, 8), steps: SamplingSchedule.DenseSteps + 1);
        Assert.Equal(7, records[0].Layers.Count(static layer => layer.Gradient is not null));
        var record = records[^1];
        Assert.Equal(["conv", "bare", "fc"], record.Layers.Where(static layer => layer.Gradient is not null).Select(static layer => layer.Layer.Path));
        Assert.Equal(["conv", "relu", "fc"], record.Layers.Where(static layer => layer.Output is not null).Select(static layer => layer.Layer.Path));
    }

    [Fact]
    public void A_normalisation_that_is_frozen_later_has_the_gradient_by_its_output_kept_from_then_on()
    {
        using var model = Sequential(("fc1", Linear(8, 16)), ("norm", LayerNorm(16)), ("fc2", Linear(16, 4)));
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        var kept = new List<bool>();
        monitor.Recorded += record => kept.Add(record.Layers.Any(static layer => layer is { Layer.Path: "norm", Gradient.Norm: > 0 }));
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            foreach (var (_, parameter) in model.named_parameters().Where(static named => named.name.StartsWith("norm.", StringComparison.Ordinal)))
                parameter.requires_grad = step < 20;
            var loss = model.call(randn(8, 8)).square().mean();
            loss.backward();
            monitor.Observe(loss);
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(static step => step is < SamplingSchedule.DenseSteps or >= 20), kept);
    }

    [Fact]
    public void Large_outputs_are_read_whole_at_the_start_and_in_part_later_but_for_the_last_layers_on_thorough_steps()
    {
        var records = Records(
            () => Sequential(("wide", Linear(4, 2048)), ("relu", ReLU()), ("out", Linear(2048, 1024))), () => randn(256, 4), steps: 36);
        Assert.All(records.Take(SamplingSchedule.DenseSteps), static record => Assert.All(Figures(record), static figures => Assert.True(figures.IsWhole)));
        foreach (var record in records.Skip(SamplingSchedule.DenseSteps))
        {
            Assert.All(record.Layers.SkipLast(1), static layer => Assert.False(layer.Output!.IsWhole));
            Assert.False(record.Layers[0].Gradient!.IsWhole);
            var isThorough = record.Step % SamplingSchedule.ThoroughInterval == 0;
            Assert.Equal(isThorough, record.Layers[^1].Output!.IsWhole);
            Assert.Equal(isThorough, record.Layers[^1].Gradient!.IsWhole);
            Assert.Equal(256 * 2048, record.Layers[0].Output!.Count);
            Assert.Equal(isThorough ? 64 : 16, record.Layers[1].Units!.Positions);
            Assert.All(record.Parameters, parameter => Assert.Equal(parameter.Gradient!.Count < 2 * 1024 || isThorough, parameter.Gradient!.IsWhole));
        }

        Assert.Contains(records.Skip(SamplingSchedule.DenseSteps), static record => record.Step % SamplingSchedule.ThoroughInterval == 0);

        static IEnumerable<TensorFigures> Figures(StepRecord record)
            => record.Layers.SelectMany(static layer => new[] { layer.Output, layer.Gradient }).OfType<TensorFigures>();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void Past_the_start_blocks_stand_for_a_large_gradient_of_a_weight_where_a_budget_decides(int? every)
    {
        // A step takes a second of the clock, and reading none of it: the budget could afford more.
        var clock = new HandClock();
        using var model = Sequential(("fc1", Linear(8, 512)), ("tanh", Tanh()), ("fc2", Linear(512, 512)));
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { Clock = clock, SampleEvery = every });
        var read = new List<(long Step, bool IsWhole, double Ratio)>();
        monitor.Recorded += record =>
        {
            if (record.Parameters.SingleOrDefault(static parameter => parameter.Name == "fc2.weight")?.Gradient is not { } gradient)
                return;
            using var whole = model.get_parameter("fc2.weight")!.grad!.norm();
            read.Add((record.Step, gradient.IsWhole, gradient.Norm / whole.item<float>()));
        };
        for (var step = 0; step < 100; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = model.call(randn(8, 8)).square().mean();
            loss.backward();
            clock.Now += 1000;
            monitor.Observe(loss);
        }

        Assert.Contains(read, static reading => reading.Step >= SamplingSchedule.DenseSteps);
        Assert.All(read, reading => Assert.Equal(every is not null || reading.Step < SamplingSchedule.DenseSteps, reading.IsWhole));
        Assert.All(read, static reading => Assert.InRange(reading.Ratio, 0.9, 1.1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_input_by_operators_is_looked_into_each_time_only_while_it_may_be_an_activations(bool rectified)
    {
        var records = Records(() => new OperatorsBetween(rectified), () => randn(8, 8), steps: 70);
        Assert.All(records, record => Assert.Equal(
            rectified || record.Step < SamplingSchedule.DenseSteps || record.Step % SamplingSchedule.ThoroughInterval == 0,
            record.Layers.Single(static layer => layer.Layer.Path == "_second").ComputedInput is not null));
    }

    [Fact]
    public void A_gradient_that_goes_to_one_position_of_a_sequence_is_read_whole()
    {
        var records = Records(
            () => Sequential(("a", Linear(8, 64)), ("tanh", Tanh()), ("b", Linear(64, 64)), ("first", new FirstPosition()), ("head", Linear(64, 2))),
            () => randn(16, 512, 8), steps: 30);
        Assert.All(records.Skip(SamplingSchedule.DenseSteps), static record =>
        {
            foreach (var layer in record.Layers.Where(static layer => layer.Layer.Path is "a" or "b"))
            {
                Assert.False(layer.Output!.IsWhole);
                Assert.True(layer.Gradient is { IsWhole: true, Norm: > 0 });
            }
        });
    }

    [Fact]
    public void Readings_take_turns_in_depth_and_each_holds_what_its_depth_says()
    {
        // A step takes a second of the clock, reading everything ten of its milliseconds, and what is less deep one.
        var clock = new HandClock();
        var records = new List<StepRecord>();
        using var model = Sequential(("fc1", Linear(8, 16)), ("relu", ReLU()), ("fc2", Linear(16, 4)));
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { Clock = clock });
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        monitor.Recorded += record =>
        {
            records.Add(record);
            clock.Now += record.Depth == ReadingDepth.Everything ? 10 : record.Sampled ? 1 : 0;
        };
        for (var step = 0; step < 600; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = functional.mse_loss(model.call(randn(8, 8)), zeros(8, 4));
            loss.backward();
            clock.Now += 1000;
            monitor.Observe(loss);
            optimizer.step();
        }

        // Past the start, in which the turns are fitted in where a quarter of the run so far leaves them room.
        var settled = records.Where(static record => record.Step >= 150).ToList();
        var norms = settled.Where(static record => record.Depth == ReadingDepth.Norms).ToList();
        var activations = settled.Where(static record => record.Depth == ReadingDepth.Activations).ToList();
        var later = settled.Where(static record => record.HasEverything).ToList();
        Assert.True(later.Count > 5 && Math.Abs(activations.Count - later.Count) <= 3 && norms.Count > 1.5 * activations.Count, $"{norms.Count}, {activations.Count}, {later.Count}");
        Assert.All(norms, static record => Assert.True(record.Layers.Count == 0 && record.Parameters.All(static parameter => parameter.Gradient is { Norm: > 0 })));
        Assert.All(activations, static record => Assert.True(record.Layers.Count == 3 && record.Layers.All(static layer => layer is { Output: not null, Gradient: null })));
        Assert.All(later, static record => Assert.Equal(2, record.Layers.Count(static layer => layer.Gradient is not null)));
        Assert.Equal(records.Count(static record => record.Sampled), monitor.Summary().SampledSteps);
    }

    private static List<StepRecord> Records(Func<Module<Tensor, Tensor>> build, Func<Tensor> input, int steps)
    {
        var records = new List<StepRecord>();
        using var model = build();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        monitor.Recorded += records.Add;
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = model.call(input()).square().mean();
            loss.backward();
            monitor.Observe(loss);
        }

        return records;
    }

    private sealed class OperatorsBetween : Module<Tensor, Tensor>
    {
        private readonly Linear _first = Linear(8, 16);
        private readonly Linear _second = Linear(16, 4);
        private readonly bool _rectified;

        public OperatorsBetween(bool rectified)
            : base(nameof(OperatorsBetween))
        {
            _rectified = rectified;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var hidden = _first.call(input);
            return _second.call(_rectified ? hidden.relu() : hidden * 2);
        }
    }

    private sealed class FirstPosition() : Module<Tensor, Tensor>(nameof(FirstPosition))
    {
        public override Tensor forward(Tensor input) => input.select(1, 0);
    }
}
