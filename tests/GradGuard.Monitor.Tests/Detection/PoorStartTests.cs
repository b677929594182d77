using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9010 as a warning: starts whose harm can be measured, beside unusual ones that do none.</summary>
public sealed class PoorStartTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALayerFarTooLargeIsNamedWithTheFirstLoss(int seed)
    {
        var alert = First(new TrainingRun { Seed = seed, LearningRate = 1e-4 }.Train(() => Scaled(Models.Mlp(), "fc2", 200)));
        Assert.Equal(("fc2", AlertSeverity.Warning, 0L), (alert.Layer, alert.Severity, alert.Step));
        Assert.True(alert.Evidence["overGuess"] > 3, alert.Message);
        Assert.Contains("fan-in 64", alert.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ForASquaredErrorItIsTheOutputsOwnSize(int seed)
    {
        var alert = First(new TrainingRun { Seed = seed, LearningRate = 1e-6, Loss = SquaredError }.Train(() => Scaled(Models.Mlp(), "fc1", 200)));
        Assert.Equal(("fc1", AlertSeverity.Warning), (alert.Layer, alert.Severity));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void InputsThatNobodyNormalisedAreNamed(int seed)
    {
        var alert = First(new TrainingRun { Seed = seed, Adam = true, LearningRate = 1e-3, Input = static batch => (100 * batch) + 200 }.Train(
            static () => Models.Deep(2, 64, () => ReLU(), layer => init.kaiming_normal_(layer.weight!))));
        Assert.Equal(("", AlertSeverity.Warning), (alert.Layer, alert.Severity));
        Assert.Contains("the input has an RMS of", alert.Message, StringComparison.Ordinal);
        Assert.Contains("standard deviation", alert.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WeightsSoSmallThatTheGradientFadesAreNamed(int seed)
    {
        var alert = First(new TrainingRun { Seed = seed, LearningRate = 0.02, Steps = 80 }.Train(() => Scaled(Scaled(Models.Mlp(), "fc1", 0.02), "fc2", 0.02)));
        Assert.Contains(alert.Layer, new[] { "fc1", "fc2" });
        Assert.Equal(AlertSeverity.Warning, alert.Severity);
        Assert.InRange(alert.Step, 9, 20);
        Assert.True(alert.Evidence["gradientLeft"] < 0.01, alert.Message);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RawInputsBehindANormAreHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 100, Input = static batch => (100 * batch) + 200 }.Train(
            static () => Sequential(("norm", BatchNorm1d(32)), ("fc1", Linear(32, 64)), ("relu", ReLU()), ("fc2", Linear(64, 4)))));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void SoTheyAreWhereSmallNumbersArePredicted(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 100, Input = static batch => (100 * batch) + 200, Loss = static (output, labels) => functional.mse_loss(output, 0.1 * functional.one_hot(labels, 4).to_type(ScalarType.Float32)) }.Train(
            static () => Sequential(("norm", BatchNorm1d(32)), ("fc1", Linear(32, 64)), ("relu", ReLU()), ("fc2", Linear(64, 4)))));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALargeLayerBehindWhichANormFollowsIsHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 100 }.Train(
            static () => Scaled(Sequential(("fc1", Linear(32, 64)), ("norm", BatchNorm1d(64)), ("relu", ReLU()), ("fc2", Linear(64, 4))), "fc1", 30)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALargeLayerWhoseOutputASigmoidBoundsIsSaturationsBusiness(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Loss = static (output, _) => output.square().mean() }.Train(
            static () => Models.Deep(1, 16, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 50))));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ASmallLastLayerIsHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 150 }.Train(() => Scaled(Models.Mlp(), "fc3", 0.001)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LabelsThatTeachNothingAreNotTheStartsFault(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 100, LearningRate = 0.02, Spoil = static (_, data, labels) => (data, randint_like(labels, 0, 4)) }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TargetsFarFromZeroAreNotTheStartsFault(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 100, LearningRate = 1e-3, Loss = static (output, labels) => SquaredError(output - 50, labels) }.Train(Models.Mlp));

    private static TorchSharp.Modules.Sequential Scaled(TorchSharp.Modules.Sequential model, string layer, double factor)
    {
        using var mode = no_grad();
        model.get_parameter($"{layer}.weight")!.mul_(factor);
        return model;
    }

    private static Tensor SquaredError(Tensor output, Tensor labels)
        => functional.mse_loss(output, functional.one_hot(labels, 4).to_type(ScalarType.Float32));

    private static Alert First(TrainingRun.Result result)
        => result.Alerts.FirstOrDefault(static alert => alert is { Id: "GG9010", Severity: AlertSeverity.Warning })
            ?? throw new Xunit.Sdk.XunitException($"no warning GG9010 among: {result.Told}");

    private static void AssertQuiet(TrainingRun.Result result)
        => Assert.True(result.Alerts.All(static alert => alert is not { Id: "GG9010", Severity: AlertSeverity.Warning }), result.Told);
}
