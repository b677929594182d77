using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9006: updates out of proportion to the weights, with a loss that bears it out.</summary>
public sealed class UpdateRatioTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALearningRateFarTooSmallIsTheModelsFault(int seed)
        => AssertOnly(new TrainingRun { Seed = seed, LearningRate = 1e-6, Steps = 150 }.Train(Models.Mlp), alert =>
        {
            Assert.Equal("", alert.Layer);
            Assert.InRange(alert.Evidence["updateRatio"], 0, 1e-5);
        });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ASquaredErrorUnderATinyLearningRateIsToo(int seed)
        => AssertOnly(new TrainingRun { Seed = seed, LearningRate = 1e-6, Steps = 150, Loss = SquaredError }.Train(Models.Mlp), static alert => Assert.Equal("", alert.Layer));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AFactorOnTheLossThatWasNeverMeantIsToo(int seed)
        => AssertOnly(
            new TrainingRun { Seed = seed, Steps = 150, Loss = static (output, labels) => 1e-4 * nn.functional.cross_entropy(output, labels) }.Train(Models.Mlp),
            static alert => Assert.Equal("", alert.Layer));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AFactorOnASquaredErrorIsToo(int seed)
        => AssertOnly(
            new TrainingRun { Seed = seed, Steps = 200, Batch = 4, Loss = static (output, labels) => 1e-4 * nn.functional.mse_loss(output, labels.to_type(ScalarType.Float32).unsqueeze(1).expand_as(output)) }.Train(Models.Mlp),
            static alert => Assert.Equal("", alert.Layer));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALearningRateThatThrowsTheLossUpIsTheModelsFault(int seed)
        => AssertOnly(Deep(seed, adam: true, learningRate: 0.5), alert =>
        {
            Assert.Equal("", alert.Layer);
            Assert.True(alert.Evidence["lossFactor"] > 2, alert.Message);
        });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AdamsLargeFirstStepsAreHealthyWhereTheLossFalls(int seed) => AssertQuiet(Deep(seed, adam: true, learningRate: 0.01));

    [Fact]
    public void OneLayerOfManyIsNamedAndOnlyWhileTheLossStands()
    {
        var finding = Assert.Single(Judge(static _ => 1).DistinctBy(static finding => finding.Layer));
        Assert.Equal("out", finding.Layer);
        Assert.Equal(0.3, finding.Evidence["updateRatio"]);
        Assert.Empty(Judge(static step => 1 / (1 + (0.05 * step))));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnOptimizerThatChangesNothingIsNamed(int seed)
        => AssertOnly(new TrainingRun { Seed = seed, LearningRate = 0, Steps = 130 }.Train(Models.Mlp),
            static alert => Assert.Contains("no parameter changed", alert.Message, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AConvergedRunThatDriftsTowardsSmallUpdatesIsHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 400, Schedule = static step => 0.1 * Math.Pow(0.96, step) }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AWarmUpOfTheLearningRateIsHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 300, Schedule = static step => 0.05 * Math.Min(1, (step + 1) / 150.0) }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void FineTuningWithTinyStepsIsHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 250, LearningRate = 1e-6 }.Train(() => Pretrained(seed)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void GradientsThatAccumulateOverStepsAreHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 200, Schedule = static step => step % 8 == 7 ? 0.1 : 0 }.Train(Models.Mlp));

    private static List<Finding> Judge(Func<int, double> loss)
    {
        var detector = new UpdateRatioDetector(new DetectionThresholds());
        UpdateRecord Update(string layer, double ratio) => new($"{layer}.weight", layer, 2, 64, ratio, 1);
        return [.. Enumerable.Range(0, 120).SelectMany(step => detector.Inspect(new StepRecord
        {
            Step = step,
            Depth = ReadingDepth.Everything,
            Loss = loss(step),
            Updates = [Update("fc1", 0.001), Update("fc2", 0.01), Update("out", 0.3)],
        }))];
    }

    private static TrainingRun.Result Deep(int seed, bool adam, double learningRate)
        => new TrainingRun { Seed = seed, Adam = adam, LearningRate = learningRate, Spread = 3, Steps = 150 }
            .Train(() => Models.Deep(3, 64, () => nn.LeakyReLU(0.1), static _ => { }));

    /// <summary>A model that has learned the run's own task.</summary>
    private static TorchSharp.Modules.Sequential Pretrained(int seed)
    {
        TorchSharp.Modules.Sequential? model = null;
        Tensor[] learned = [];
        new TrainingRun
        {
            Seed = seed,
            Steps = 200,
            Options = null,
            BeforeForward = step =>
            {
                if (step == 199)
                    learned = [.. model!.parameters().Select(static parameter => parameter.detach().clone().DetachFromDisposeScope())];
            },
        }.Train(() => model = Models.Mlp());
        random.manual_seed(seed);
        var copy = Models.Mlp();
        using var mode = no_grad();
        foreach (var (parameter, values) in copy.parameters().Zip(learned))
        {
            parameter.copy_(values);
            values.Dispose();
        }

        return copy;
    }

    private static Tensor SquaredError(Tensor output, Tensor labels)
        => nn.functional.mse_loss(output, 3 * (nn.functional.one_hot(labels, 4).to_type(ScalarType.Float32) - 0.25));

    private static void AssertOnly(TrainingRun.Result result, Action<Alert> check)
    {
        Assert.True(result.Alerts is [{ Id: "GG9006" }], $"alerts: {result.Told}");
        check(result.Alerts[0]);
    }

    private static void AssertQuiet(TrainingRun.Result result) => Assert.True(result.Alerts.Count == 0, result.Told);
}
