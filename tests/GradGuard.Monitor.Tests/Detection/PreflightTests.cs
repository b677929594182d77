using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9010 and the report of the state that training begins in.</summary>
public sealed class PreflightTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TheReportHoldsTheFirstStateOfEachLayer(int seed)
    {
        var (report, alerts) = Train(seed, () => Models.Deep(2, 64, () => ReLU(), layer => init.kaiming_normal_(layer.weight!)));
        Assert.Empty(alerts);
        Assert.Equal(["fc1", "fc2", "out"], report.Layers.Select(static layer => layer.Layer));
        Assert.Equal(10, report.Batches);
        Assert.InRange(report.InputRms!.Value, 0.5, 2);
        Assert.InRange(report.Loss!.Value, 0.5, 5);
        Assert.All(report.Layers, static layer =>
        {
            Assert.InRange(layer.PreActivationStd!.Value, 0.1, 5);
            Assert.True(layer.GradientRms > 0);
            Assert.InRange(layer.UpdateRatio!.Value, 1e-6, 0.1);
            Assert.Null(layer.Problem);
        });
        Assert.InRange(report.Layers[0].DeadShare!.Value, 0, 0.3);
        Assert.Null(report.Layers[^1].DeadShare);
        Assert.Contains("fc2 (Linear): std ", report.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WeightsOutOfAllProportionAreToldEvenWhereANormTakesCareOfThem(int seed)
    {
        var (report, alerts) = Train(seed, () => Sequential(
            ("fc1", Models.Initialised(Linear(32, 64), layer => init.normal_(layer.weight!, 0, 60))), ("norm", BatchNorm1d(64)), ("act", LeakyReLU(0.1)), ("out", Linear(64, 4))));
        var alert = Assert.Single(alerts, static alert => alert.Id == "GG9010");
        Assert.Equal(("fc1", AlertSeverity.Info, 9L), (alert.Layer, alert.Severity, alert.Step));
        Assert.Contains("fan-in 32", alert.Advice, StringComparison.Ordinal);
        Assert.NotNull(report.Layers[0].Problem);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void SaturatedAndDeadUnitsAreInTheReport(int seed)
    {
        var (saturated, _) = Train(seed, () => Models.Deep(1, 64, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3)));
        Assert.True(saturated.Layers[0].SaturatedShare > 0.5);
        Assert.Contains("saturated", saturated.Layers[0].Problem, StringComparison.Ordinal);
        var (dead, _) = Train(seed, () => Models.Deep(1, 64, () => ReLU(), layer => init.constant_(layer.bias!, -30)));
        Assert.Equal(1, dead.Layers[0].DeadShare);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ATailThatStartsAtZeroIsMeantSo(int seed)
        => Assert.Empty(Train(seed, static () =>
        {
            var tail = Models.Mlp();
            init.zeros_(tail.get_parameter("fc3.weight")!);
            init.zeros_(tail.get_parameter("fc3.bias")!);
            return tail;
        }).Alerts);

    [Fact]
    public void ThereIsNoReportBeforeTheFirstBatchesHaveBeenSeen()
    {
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model);
        Assert.Null(monitor.Preflight);
        using var loss = TorchSharp.torch.ones(1);
        for (var step = 0; step < 9; step++)
            monitor.Observe(loss);
        Assert.Null(monitor.Preflight);
    }

    private static (PreflightReport Report, IReadOnlyList<Alert> Alerts) Train(
        int seed, Func<Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>> build, double learningRate = 0.01)
    {
        PreflightReport? report = null;
        var result = new TrainingRun { Seed = seed, Steps = 20, LearningRate = learningRate, AfterTraining = monitor => report = monitor.Preflight }.Train(build);
        return (report!, result.Alerts);
    }
}
