using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Training;

/// <summary>With the monitor attached a run is the run it would have been.</summary>
public sealed class SacredTrainingTests
{
    public static TheoryData<string> Families => ["mlp", "dropout", "cnn", "rnn", "lstm"];

    [Theory]
    [MemberData(nameof(Families))]
    public void ParametersAreBitIdenticalWithAndWithoutTheMonitor(string family)
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var watched = Run(family, seed, new GradientMonitorOptions { SampleEvery = 1 });
            var sampled = Run(family, seed, new GradientMonitorOptions());
            var plain = Run(family, seed, null);

            Assert.Equal(plain.Losses, watched.Losses);
            Assert.True(plain.Parameters.AsSpan().SequenceEqual(watched.Parameters), $"{family}, seed {seed}, every step read");
            Assert.True(plain.Parameters.AsSpan().SequenceEqual(sampled.Parameters), $"{family}, seed {seed}, sampled");
            Assert.Equal(50, watched.Summary!.SampledSteps);
        }
    }

    [Fact]
    public void TheRandomStreamIsUntouched()
    {
        using var model = Models.MlpWithDropout();
        random.manual_seed(5);
        var expected = Draws(model, null);
        random.manual_seed(5);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        Assert.Equal(expected, Draws(model, monitor));
    }

    [Fact]
    public void TheMonitorHandsOnTheVeryOutputOfAModule()
    {
        using var layer = nn.Linear(3, 2);
        using var model = nn.Sequential(("only", layer));
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        Tensor? seen = null;
        layer.register_forward_hook((_, _, output) => seen = output);
        using var input = randn(4, 3);
        using var returned = model.call(input);
        Assert.Same(seen, returned);
    }

    private static float[] Draws(nn.Module<Tensor, Tensor> model, GradientMonitor? monitor)
    {
        for (var step = 0; step < 5; step++)
        {
            using var scope = NewDisposeScope();
            var loss = model.call(randn(8, 32)).square().mean();
            loss.backward();
            monitor?.Observe(loss);
        }

        using var next = randn(16);
        return next.data<float>().ToArray();
    }

    private static TrainingRun.Result Run(string family, int seed, GradientMonitorOptions? options)
    {
        var run = new TrainingRun
        {
            Steps = 50,
            Seed = seed,
            Options = options,
            Features = family is "cnn" ? 64 : 32,
            Input = family switch { "cnn" => Models.AsImage, "rnn" or "lstm" => Models.AsSequence, _ => static batch => batch.alias() },
        };
        return run.Train(family switch
        {
            "mlp" => Models.Mlp,
            "dropout" => Models.MlpWithDropout,
            "cnn" => Models.Cnn,
            "rnn" => static () => Reader.Rnn(24, null),
            _ => static () => Reader.Lstm(24),
        });
    }
}
