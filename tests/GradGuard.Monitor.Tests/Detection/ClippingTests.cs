using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Sampling;
using GradGuard.Monitor.Tests.Sampling;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9012 and clipping through the monitor.</summary>
public sealed class ClippingTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALimitThatCutsEveryStepIsTold(int seed)
    {
        var alert = Assert.Single(Run(seed, limit: 0.05, throughMonitor: true).Alerts);
        Assert.Equal(("GG9012", AlertSeverity.Info), (alert.Id, alert.Severity));
        Assert.Equal(0.05, alert.Evidence["maxNorm"]);
        Assert.Equal(1, alert.Evidence["clippedShare"]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALimitThatLeavesNothingOfTheGradientIsAWarning(int seed)
    {
        var alert = Run(seed, limit: 1e-4, throughMonitor: true).Alerts.Last(static alert => alert.Id == "GG9012");
        Assert.Equal(AlertSeverity.Warning, alert.Severity);
        Assert.Contains("the loss stands where it began", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALimitThatTheProgramAppliesItselfIsRecognised(int seed)
    {
        var alert = Assert.Single(Run(seed, limit: 0.05, throughMonitor: false).Alerts);
        Assert.Equal("GG9012", alert.Id);
        Assert.Equal(0.05, alert.Evidence["maxNorm"], 1e-5);
    }

    /// <summary>Parts of a gradient have a norm of their own each time: thorough readings tell.</summary>
    [Fact]
    public void WhereEveryStepIsReadALimitOnLargeGradientsIsRecognisedFromThoseReadWhole()
    {
        var alerts = new TrainingRun { Steps = 780, Spread = 1.5, Clip = 0.05, Options = new() { SampleEvery = 1 } }.Train(WithALargeGradient).Alerts;
        var alert = Assert.Single(alerts, static alert => alert.Id == "GG9012");
        Assert.Equal(0.05, alert.Evidence["maxNorm"], 1e-5);
    }

    /// <summary>By default parts stand for large gradients; where their norms stand still, some are read whole to see whether they end at one number.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void WhereABudgetDecidesALimitOnLargeGradientsIsRecognisedToo(int seed)
    {
        var (alerts, whole) = ByDefault(seed, steps: 1300, clip: 0.05);
        Assert.Equal("GG9012", Assert.Single(alerts).Id);
        Assert.Equal(0.05, alerts[0].Evidence["maxNorm"], 1e-5);
        Assert.InRange(whole, ClippingDetector.Readings, ClippingDetector.Readings + SamplingSchedule.SuspicionSteps);
    }

    /// <summary>Weights that hardly move and batches so large that one gradient is nearly as long as the next: whole ones are asked for, and tell that no limit made them so.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void NormsThatStandStillWithoutALimitAreHealthyAndSoonReadInPartAgain(int seed)
    {
        var (alerts, whole) = ByDefault(seed, steps: 900, batch: 1024, learningRate: 1e-5);
        Assert.DoesNotContain(alerts, static alert => alert.Id == "GG9012");
        Assert.InRange(whole, 1, SteadyNorm.FewestReadings + SamplingSchedule.SuspicionSteps);
    }

    /// <summary>Trains with a budget, each step a second of the clock and reading none of it.</summary>
    /// <returns>What was told, and how many readings past step 100 were of whole gradients.</returns>
    private static (IReadOnlyList<Alert> Alerts, int Whole) ByDefault(int seed, int steps, double? clip = null, int batch = 64, double learningRate = 0.05)
    {
        var clock = new HandClock();
        var whole = 0;
        var alerts = new TrainingRun
        {
            Seed = seed,
            Steps = steps,
            Batch = batch,
            LearningRate = learningRate,
            Spread = 1.5,
            Clip = clip,
            Options = new() { Clock = clock },
            BeforeObserve = _ => clock.Now += 1000,
            Recorded = record => whole += record is { Sampled: true, HasPartOfAGradient: false, Step: > ClippingDetector.WarmUp } ? 1 : 0,
        }.Train(WithALargeGradient).Alerts;
        return (alerts, whole);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void ALimitThatCutsNowAndThenIsHealthy(int seed, bool throughMonitor)
    {
        var result = Run(seed, limit: 1, throughMonitor);
        Assert.True(result.Alerts.Count == 0, result.Told);
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(1.0)]
    [InlineData(double.PositiveInfinity)]
    public void ClippingThroughTheMonitorIsBitIdenticalToTorchs(double normType)
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var (ownNorm, own) = Clip(seed, (model, monitor) => monitor.ClipGradNorm(model.parameters(), 0.01, normType));
            var (norm, expected) = Clip(seed, (model, _) => nn.utils.clip_grad_norm_(model.parameters(), 0.01, normType));
            Assert.Equal(norm, ownNorm);
            Assert.True(expected.AsSpan().SequenceEqual(own));
        }
    }

    private static (double Norm, float[] Gradients) Clip(int seed, Func<nn.Module<Tensor, Tensor>, GradientMonitor, double> clip)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model);
        model.call(randn(16, 32)).square().mean().backward();
        var norm = clip(model, monitor);
        return (norm, [.. model.parameters().SelectMany(static parameter => parameter.grad!.data<float>().ToArray())]);
    }

    private static TrainingRun.Result Run(int seed, double limit, bool throughMonitor) => new TrainingRun
    {
        Seed = seed,
        Steps = 340,
        LearningRate = 0.05,
        Spread = 1.5,
        Clip = limit,
        ClipThroughMonitor = throughMonitor,
        Options = new() { SampleEvery = 10 },
    }.Train(Models.Mlp);

    private static nn.Module<Tensor, Tensor> WithALargeGradient()
        => nn.Sequential(("fc1", nn.Linear(32, 256)), ("relu", nn.ReLU()), ("fc2", nn.Linear(256, 256)), ("relu2", nn.ReLU()), ("fc3", nn.Linear(256, 4)));
}
