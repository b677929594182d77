using GradGuard.Monitor.Recording;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Capture;

/// <summary>Where every step is read, the gradient by what max pooling returned tells that by the convolution's output, as long as nothing else takes that.</summary>
public class PooledGradientTests
{
    private const int Steps = 110;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheFiguresAreThoseOfTheLayersOwnGradient(int seed)
        => Assert.All(Train(seed, new Pooled()), static step => AssertSame(step));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void OfALargeImageTheyAreAsExactAsItsParts(int seed)
    {
        var steps = Train(seed, new Pooled(), size: 40, batch: 8);
        Assert.Equal(1, steps.Average(static step => step.Recorded.Norm / step.Own.Norm), 0.05);
        Assert.All(steps, static step => Assert.InRange(step.Recorded.Norm / step.Own.Norm, 0.4, 1.8));
        Assert.Equal(steps.Average(static step => step.Own.ZeroShare), steps.Average(static step => step.Recorded.ZeroShare), 0.02);
    }

    /// <summary>A loss that looks at one sample of many: a part of the gradient would mostly be zeros.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AGradientThatReachesFewPlacesIsNotMissed(int seed)
        => Assert.All(Train(seed, new Pooled(), size: 20, batch: 64, seen: 1), static step => Assert.InRange(step.Recorded.Norm / step.Own.Norm, 0.5, 1.5));

    /// <summary>A penalty on the output from step 40 on: what pooling tells is not all of the gradient then, until the next thorough step shows it.</summary>
    [Fact]
    public void WhatElseTakesTheOutputShowsOnTheNextThoroughStep()
    {
        var steps = Train(1, new Pooled { PenaltyFrom = 40 });
        Assert.All(steps[..40], static step => AssertSame(step));
        Assert.All(steps[40..64], static step => Assert.True(step.Recorded.Norm < 0.9 * step.Own.Norm));
        Assert.All(steps[64..], static step => AssertSame(step));
    }

    [Theory]
    [InlineData(2, 0, true)]
    [InlineData(3, 0, false)]
    [InlineData(2, 1, false)]
    public void ASkipConnectionOrWindowsThatMeetAreNotToldByPooling(int kernel, int padding, bool skips)
        => Assert.All(Train(1, new Pooled(kernel, padding) { Skips = skips }), static step => AssertSame(step));

    [Fact]
    public void ANaNOfTheGradientIsStillSeenThere()
    {
        using var model = new Pooled();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        for (var step = 0; step < 50; step++)
        {
            using var scope = NewDisposeScope();
            var loss = model.call(randn(4, 1, 10, 10)).square().mean();
            if (step == 45)
                loss += (model.Last!.sum() * 0).sqrt();
            model.zero_grad();
            loss.backward();
            monitor.Observe(loss);
        }

        var alert = Assert.Single(monitor.Alerts, static alert => alert.Id == "GG9001");
        Assert.Equal((45, "average"), (alert.Step, alert.Layer));
        Assert.Contains("3 more only pass it on", alert.Message, StringComparison.Ordinal);
    }

    private static void AssertSame((TensorFigures Recorded, TensorFigures Own) step)
    {
        var (recorded, own) = step;
        Assert.Equal(own.Count, recorded.Count);
        Assert.Equal(own.Norm, recorded.Norm, 1e-4 * own.Norm);
        Assert.Equal(own.Mean, recorded.Mean, 1e-4 * own.Rms);
        Assert.Equal(own.Rms, recorded.Rms, 1e-4 * own.Rms);
        Assert.Equal((own.Min, own.Max, own.ZeroShare, own.NonFinite), (recorded.Min, recorded.Max, recorded.ZeroShare, recorded.NonFinite));
    }

    /// <summary>Trains, each step read, and keeps the program's own gradient beside what the monitor recorded of it.</summary>
    private static (TensorFigures Recorded, TensorFigures Own)[] Train(int seed, Pooled model, int size = 10, int batch = 4, int? seen = null)
    {
        using var owned = model;
        random.manual_seed(seed);
        var steps = new List<(TensorFigures, TensorFigures)>();
        using var optimizer = optim.SGD(model.parameters(), 0.05);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        TensorFigures? recorded = null;
        monitor.Recorded += record => recorded = record.Layers.Single(static layer => layer.Layer.Path == "conv").Gradient;
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var input = randn(batch, 1, size, size);
            optimizer.zero_grad();
            var penalty = step >= model.PenaltyFrom ? 1 : 0;
            var loss = (model.call(input) - input.mean([1, 2, 3]))[..(seen ?? batch)].square().mean() + (penalty * model.Convolved!.square().mean());
            loss.backward();
            using (var own = model.Convolved!.grad!)
                steps.Add((null!, Of(own)));
            monitor.Observe(loss);
            steps[^1] = (recorded!, steps[^1].Item2);
            optimizer.step();
        }

        return [.. steps];
    }

    private static TensorFigures Of(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var elements = gradient.to_type(ScalarType.Float64);
        return new TensorFigures
        {
            Count = gradient.numel(),
            NonFinite = 0,
            Mean = elements.mean().item<double>(),
            Rms = elements.square().mean().sqrt().item<double>(),
            Norm = elements.norm().item<double>(),
            Min = elements.min().item<double>(),
            Max = elements.max().item<double>(),
            ZeroShare = elements.eq(0).sum().item<long>() / (double)gradient.numel(),
            SaturatedShare = double.NaN,
        };
    }

    private sealed class Pooled : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(1, 4, 3, padding: 1);
        private readonly ReLU relu = nn.ReLU();
        private readonly MaxPool2d pool;
        private readonly AdaptiveAvgPool2d average = nn.AdaptiveAvgPool2d(1);
        private readonly Linear linear = nn.Linear(4, 1);

        public Pooled(int kernel = 2, int padding = 0)
            : base(nameof(Pooled))
        {
            pool = nn.MaxPool2d(kernel, stride: 2, padding: padding);
            RegisterComponents();
        }

        public int PenaltyFrom { get; init; } = int.MaxValue;

        public bool Skips { get; init; }

        public Tensor? Convolved { get; private set; }

        public Tensor? Last { get; private set; }

        public override Tensor forward(Tensor input)
        {
            Convolved = conv.call(input);
            Convolved.retain_grad();
            var pooled = average.call(pool.call(relu.call(Convolved)));
            if (Skips)
                pooled += Convolved.mean([2, 3], keepdim: true);
            Last = pooled.flatten(1);
            return linear.call(Last).squeeze(1);
        }
    }
}
