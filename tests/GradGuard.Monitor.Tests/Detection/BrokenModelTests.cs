using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>Each fault is named by its catalogue number at the layer nearest its cause, over several seeds.</summary>
public sealed class BrokenModelTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void SaturatedSigmoidsAreBlamedOnTheLayerThatFeedsThem(int seed)
    {
        var result = new TrainingRun { Seed = seed }.Train(
            () => Models.Deep(1, 64, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3)));

        var alert = AssertOnly("GG9005", "fc1", result);
        Assert.True(alert.Evidence["saturatedShare"] > 0.5);
        Assert.Contains("act1", alert.Message, StringComparison.Ordinal);
        Assert.Contains("32", alert.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void SaturatedTanhIsCaught(int seed)
        => AssertOnly("GG9005", "fc1", new TrainingRun { Seed = seed }.Train(
            () => Models.Deep(1, 64, () => Tanh(), layer => init.normal_(layer.weight!, 0, 3))));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void UnitsThatFireForNoSampleAreDead(int seed)
    {
        var result = new TrainingRun { Seed = seed }.Train(
            () => Models.Deep(1, 64, () => ReLU(), layer => init.constant_(layer.bias!, -30)));

        var alert = AssertOnly("GG9004", "fc1", result);
        Assert.Equal(AlertSeverity.Critical, alert.Severity);
        Assert.Equal(20, alert.Step + 1);
        Assert.Equal(64, alert.Evidence["deadUnits"]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TheSameBiasBeforeLeakyReluIsNot(int seed)
        => Assert.DoesNotContain(
            new TrainingRun { Seed = seed }.Train(
                () => Models.Deep(1, 64, () => LeakyReLU(0.1), layer => init.constant_(layer.bias!, -30))).Alerts,
            alert => alert.Id == "GG9004");

    [Theory]
    [MemberData(nameof(Seeds))]
    public void DeepSigmoidsUnderSgdVanish(int seed)
        => AssertOnly("GG9003", "fc1", new TrainingRun { Seed = seed, LearningRate = 0.05 }.Train(
            () => Models.Deep(8, 64, () => Sigmoid(), static _ => { })));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void DeepSigmoidsUnderAdamVanishOnceTheLossStands(int seed)
        => AssertOnly("GG9003", "fc1", new TrainingRun { Seed = seed, LearningRate = 0.0003, Adam = true, Steps = 140 }.Train(
            () => Models.Deep(12, 64, () => Sigmoid(), static _ => { })));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void SmallWeightsUnderTanhVanish(int seed)
        => AssertOnly("GG9003", "fc1", new TrainingRun { Seed = seed }.Train(
            () => Models.Deep(7, 64, () => Tanh(), layer => init.normal_(layer.weight!, 0, 0.02))));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LargeWeightsInADeepReluNetworkExplode(int seed)
        => AssertFirst("GG9002", new TrainingRun { Seed = seed, LearningRate = 1e-9 }.Train(
            () => Models.Deep(8, 64, () => ReLU(), layer => init.normal_(layer.weight!, 0, 1))));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AJumpOfTheGradientNormExplodes(int seed)
    {
        Sequential? model = null;
        var run = new TrainingRun
        {
            Seed = seed,
            LearningRate = 0.01,
            BeforeObserve = step =>
            {
                if (step < 40)
                    return;
                foreach (var parameter in model!.parameters())
                {
                    using var gradient = parameter.grad;
                    gradient!.mul_(1000);
                }
            },
        };
        AssertFirst("GG9002", run.Train(() => model = Models.Mlp()));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AGradientThatGrowsFromNextToNothingIsNoExplosion(int seed)
    {
        Sequential? model = null;
        var run = new TrainingRun
        {
            Seed = seed,
            LearningRate = 0.001,
            BeforeObserve = step =>
            {
                foreach (var parameter in model!.parameters())
                {
                    using var gradient = parameter.grad;
                    gradient!.mul_(step < 40 ? 1e-4 : 1);
                }
            },
        };
        Assert.DoesNotContain(run.Train(() => model = Models.Mlp()).Alerts, alert => alert.Id == "GG9002");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OneSpikeIsNoExplosion(int seed)
    {
        Sequential? model = null;
        var run = new TrainingRun
        {
            Seed = seed,
            LearningRate = 1e-4,
            BeforeObserve = step =>
            {
                if (step != 40)
                    return;
                foreach (var parameter in model!.parameters())
                {
                    using var gradient = parameter.grad;
                    gradient!.mul_(1000);
                }
            },
        };
        Assert.DoesNotContain(run.Train(() => model = Models.Mlp()).Alerts, alert => alert.Id == "GG9002");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ARecurrenceWithALargeSpectralRadiusGrowsThroughTime(int seed)
    {
        var run = new TrainingRun { Seed = seed, LearningRate = 1e-6, Features = 64, Input = Models.AsSequence };
        var result = run.Train(() => Reader.Rnn(32, 0.5, NonLinearities.ReLU));
        var alert = Assert.Single(result.Alerts, alert => alert.Id == "GG9009");
        Assert.Equal("rnn", alert.Layer);
        Assert.True(alert.Evidence["factor"] > 1e3, result.Told);
        Assert.InRange(alert.Evidence["spectralRadius"], 2, 3.7);
        Assert.Contains("spectral radius of W_hh", alert.Message, StringComparison.Ordinal);
    }

    private static Alert AssertOnly(string id, string layer, TrainingRun.Result result)
    {
        Assert.True(result.Alerts.Count > 0, "no alert");
        Assert.True(result.Alerts.All(alert => alert.Id == id), result.Told);
        Assert.Contains(result.Alerts, alert => alert.Layer == layer);
        return result.Alerts[0];
    }

    private static void AssertFirst(string id, TrainingRun.Result result)
    {
        Assert.True(result.Alerts.Count > 0, "no alert");
        Assert.True(result.Alerts[0].Id == id, result.Told);
    }
}
