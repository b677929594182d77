using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9008: a loss that stands where guessing stands, or swings and gets nowhere.</summary>
public sealed class StuckLossTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LabelsThatHaveNothingToDoWithTheInputsAreNoticed(int seed)
        => AssertOnly(new TrainingRun { Seed = seed, Steps = 320, LearningRate = 0.02, Spoil = Shuffled }.Train(Models.Mlp), "guessing");

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ASquaredErrorThatStandsStillIsNoticed(int seed)
        => AssertOnly(new TrainingRun { Seed = seed, Steps = 420, LearningRate = 0.05, Spoil = Shuffled, Loss = SquaredError }.Train(Models.Mlp), "every sample alike");

    [Fact]
    public void ALossThatSwingsUnderLargeUpdatesIsNoticed()
    {
        // Gradient descent on a parabola with a step just over the stable one jumps from side to side: it never lands, nor flies away.
        using var model = nn.Linear(1, 1, hasBias: false);
        using var weight = model.weight!;
        nn.init.constant_(weight, 3);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        for (var step = 0; step < 200; step++)
        {
            using var scope = NewDisposeScope();
            weight.grad?.zero_();
            var loss = (model.call(ones(8, 1)) - (step % 2 == 0 ? 2.6 : 3.2)).square().mean();
            loss.backward();
            monitor.Observe(loss);
            using var mode = no_grad();
            weight.add_(step % 2 == 0 ? 0.3 : -0.3);
        }

        Assert.Contains(monitor.Alerts, static alert => alert.Id == "GG9008" && alert.Message.Contains("swings", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TwoKindsOfBatchesInTurnAreHealthy(int seed)
        => AssertQuiet(new TrainingRun
        {
            Seed = seed,
            Steps = 300,
            LearningRate = 0.02,
            Spoil = static (step, data, labels) => (step % 2 == 0 ? data : data + (2 * randn_like(data)), labels),
        }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ConvergedTrainingIsHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 600, Spread = 2 }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void MostlyWrongLabelsThatStillTeachAreHealthy(int seed)
        => AssertQuiet(new TrainingRun
        {
            Seed = seed,
            Steps = 400,
            LearningRate = 0.02,
            Spoil = static (_, data, labels) => (data, where(rand(labels.shape) < 0.5, randint_like(labels, 0, 4), labels)),
        }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ClassImbalanceIsHealthy(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 400, ClassShares = [0.94, 0.02, 0.02, 0.02], LearningRate = 0.02 }.Train(Models.Mlp));

    private static (Tensor, Tensor) Shuffled(int step, Tensor data, Tensor labels) => (data, randint_like(labels, 0, 4));

    private static Tensor SquaredError(Tensor output, Tensor labels)
        => nn.functional.mse_loss(output, 3 * (nn.functional.one_hot(labels, 4).to_type(ScalarType.Float32) - 0.25));

    private static void AssertOnly(TrainingRun.Result result, string said)
    {
        Assert.True(result.Alerts is [{ Id: "GG9008", Layer: "" }], $"alerts: {result.Told}");
        Assert.Contains(said, result.Alerts[0].Message, StringComparison.Ordinal);
    }

    private static void AssertQuiet(TrainingRun.Result result) => Assert.True(result.Alerts.Count == 0, result.Told);
}
