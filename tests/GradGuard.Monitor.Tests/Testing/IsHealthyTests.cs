using GradGuard.Monitor.Testing;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Testing;

/// <summary>Healthy programs pass, broken ones fail with the number and the layer of their fault.</summary>
public sealed class IsHealthyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Healthy()
    {
        var runs = new TheoryData<string, int>();
        foreach (var model in new[] { "mlp", "dropout", "tanh", "lstm" })
        {
            for (var seed = 1; seed <= 3; seed++)
                runs.Add(model, seed);
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Healthy))]
    public async Task AHealthyModelPasses(string model, int seed)
    {
        using var training = model switch
        {
            "mlp" => new ClusterTraining(seed, Models.Mlp),
            "dropout" => new ClusterTraining(seed, Models.MlpWithDropout),
            "tanh" => new ClusterTraining(seed, () => Models.Deep(3, 64, () => Tanh(), layer => init.xavier_uniform_(layer.weight!))),
            _ => new ClusterTraining(seed, static () => Reader.Lstm(24)) { Input = Models.AsSequence },
        };

        var summary = await TrainingAssert.IsHealthy(training.Model, training.Step, steps: 100, cancellationToken: Cancellation);

        Assert.Equal(100, summary.Steps);
        Assert.Equal(100, summary.SampledSteps);
        Assert.Equal(100, training.Steps);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SaturatedSigmoidsFailAtTheLayerThatFeedsThem(int seed)
    {
        using var training = new ClusterTraining(seed, () => Models.Deep(1, 64, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3)));

        var failure = await Fails(training, training.Step, steps: 50);

        var alert = Assert.Single(failure.Alerts);
        Assert.Equal(("GG9005", "fc1"), (alert.Id, alert.Layer));
        Assert.Contains($"GG9005 Warning at fc1, step {alert.Step}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(alert.Message, failure.Message, StringComparison.Ordinal);
        Assert.Contains(alert.Advice, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task DeadUnitsFailAtTheirLayer(int seed)
    {
        using var training = new ClusterTraining(seed, () => Models.Deep(1, 64, () => ReLU(), layer => init.constant_(layer.bias!, -30)));

        var failure = await Fails(training, training.Step, steps: 40);

        Assert.Equal(["GG9004 fc1"], failure.Alerts.Select(alert => $"{alert.Id} {alert.Layer}"));
    }

    [Fact]
    public async Task EveryFormOfTheStepComesToTheSameVerdict()
    {
        var verdicts = new List<(string, float[])>();
        foreach (var run in new Func<ClusterTraining, Task>[]
        {
            training => TrainingAssert.IsHealthy(training.Model, training.Step, steps: 30, cancellationToken: Cancellation),
            training => TrainingAssert.IsHealthy(training.Model, async monitor =>
            {
                await Task.Yield();
                training.Step(monitor);
            }, steps: 30, cancellationToken: Cancellation),
            training => TrainingAssert.IsHealthy(training.Model, training.Optimizer, _ => training.Loss(), steps: 30, cancellationToken: Cancellation),
        })
        {
            using var training = new ClusterTraining(1, () => Models.Deep(1, 64, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3)));
            var failure = await Assert.ThrowsAsync<TrainingAssertException>(() => run(training));
            verdicts.Add((failure.Message, training.Parameters()));
        }

        Assert.All(verdicts, verdict => Assert.Equal(verdicts[0].Item1, verdict.Item1));
        Assert.All(verdicts, verdict => Assert.Equal(verdicts[0].Item2, verdict.Item2));
    }

    [Fact]
    public void AFailureOfAStepThatDoesNotAwaitIsThrownEvenIfNobodyAwaitsIt()
    {
        using var training = new ClusterTraining(1, Models.Mlp);
        Assert.Throws<TrainingAssertException>(CallOnly);

        void CallOnly() => _ = TrainingAssert.IsHealthy(training.Model, static _ => { }, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task TheLossIsToldItsStep()
    {
        var told = new List<int>();
        using var training = new ClusterTraining(1, Models.Mlp);
        await TrainingAssert.IsHealthy(training.Model, training.Optimizer, step =>
        {
            told.Add(step);
            return training.Loss();
        }, steps: 25, cancellationToken: Cancellation);
        Assert.Equal(Enumerable.Range(0, 25), told);
    }

    [Fact]
    public async Task OnlyTheAskedSeverityFails()
    {
        using var training = new ClusterTraining(1, () => Models.Deep(1, 64, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3)));
        var summary = await TrainingAssert.IsHealthy(
            training.Model, training.Step, steps: 50, new TrainingAssertOptions { FailOn = AlertSeverity.Critical }, Cancellation);
        Assert.Equal(1, summary.AlertCounts["GG9005"]);
    }

    [Theory]
    [InlineData("GG9005", "fc1", true)]
    [InlineData("GG90*", "fc*", true)]
    [InlineData("GG9005", "fc2", false)]
    [InlineData("GG9004", "*", false)]
    public async Task WhatIsAcceptedDoesNotFail(string id, string layer, bool passes)
    {
        using var training = new ClusterTraining(1, () => Models.Deep(1, 64, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3)));
        var options = new TrainingAssertOptions { Ignore = [new AlertMute(id, layer)] };
        if (passes)
            await TrainingAssert.IsHealthy(training.Model, training.Step, steps: 50, options, Cancellation);
        else
            await Fails(training, training.Step, steps: 50, options);
    }

    [Fact]
    public async Task TheRunIsWrittenWhereTheMonitorIsTold()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            using var training = new ClusterTraining(1, Models.Mlp);
            var run = Path.Combine(directory.FullName, "run");
            await TrainingAssert.IsHealthy(training.Model, training.Step, steps: 30,
                new TrainingAssertOptions { Monitor = new GradientMonitorOptions { SampleEvery = 1, RunDirectory = run } }, Cancellation);
            Assert.True(File.Exists(Path.Combine(run, "summary.json")));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Task<TrainingAssertException> Fails(
        ClusterTraining training, Action<GradientMonitor> step, int steps, TrainingAssertOptions? options = null)
        => Assert.ThrowsAsync<TrainingAssertException>(() => TrainingAssert.IsHealthy(training.Model, step, steps, options, Cancellation));
}
