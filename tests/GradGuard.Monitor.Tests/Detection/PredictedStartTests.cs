using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9010 with what the code predicts beside what was measured.</summary>
public sealed class PredictedStartTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WeightsOutOfAllProportionAreToldWithTheirPrediction(int seed)
    {
        var alert = First(new TrainingRun { Seed = seed, Steps = 12, LearningRate = 1e-3 }, static () => new LargeStart(), AlertSeverity.Info);

        Assert.Equal("fc1", alert.Layer);
        Assert.Contains("(340 by the code's prediction)", alert.Message, StringComparison.Ordinal);
        Assert.Equal(339.4, alert.Evidence["predictedStd"]);
        Assert.InRange(alert.Evidence["std"], 200, 600);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ALayerThatMultipliesTheSignalIsToldWithItsPrediction(int seed)
    {
        var alert = First(new TrainingRun { Seed = seed, LearningRate = 1e-4 }, static () => new LargeMiddle(), AlertSeverity.Warning);

        Assert.Equal("fc2", alert.Layer);
        Assert.Contains("; its code predicts pre-activations of std 48 for an input of RMS 1, and ", alert.Message, StringComparison.Ordinal);
        Assert.Equal(48, alert.Evidence["predictedStd"]);
        Assert.InRange(alert.Evidence["std"], 20, 100);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnInputThatNobodyNormalisedIsToldWithWhatANormalisedOneWouldGive(int seed)
    {
        var alert = First(
            new TrainingRun { Seed = seed, Adam = true, LearningRate = 1e-3, Input = static batch => (100 * batch) + 200 }, static () => new KaimingStart(), AlertSeverity.Warning);

        Assert.Equal("", alert.Layer);
        Assert.Contains("; its code predicts pre-activations of std 0.59 for an input of RMS 1, and ", alert.Message, StringComparison.Ordinal);
        Assert.True(alert.Evidence["std"] > 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AGradientThatFadesIsToldWithItsPrediction(int seed)
    {
        var alert = First(new TrainingRun { Seed = seed, LearningRate = 0.02, Steps = 80 }, static () => new SmallStart(), AlertSeverity.Warning);

        Assert.Contains("(its code predicts 7.5e-5)", alert.Message, StringComparison.Ordinal);
        Assert.Equal(7.5e-5, alert.Evidence["predictedGradientLeft"], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AStartAsPredictedIsNoFinding(int seed)
    {
        PreflightReport? report = null;
        var result = new TrainingRun { Seed = seed, Steps = 20, AfterTraining = monitor => report = monitor.Preflight, Input = static batch => batch / batch.square().mean().sqrt() }
            .Train(static () => new PlainStart());

        Assert.DoesNotContain(result.Alerts, static alert => alert.Id == "GG9010");
        Assert.Null(report!.Remark);
        Assert.All(report.Layers, static layer => Assert.NotNull(layer.Predicted));
    }

    /// <summary>Its start is behind it, and was told where it began.</summary>
    [Fact]
    public void ARunThatGoesOnIsNotHeldAgainstThePrediction()
    {
        using var state = new MemoryStream();
        new TrainingRun { Steps = 20, AfterTraining = monitor => Assert.True(monitor.SaveState(state)) }.Train(static () => new PlainStart());
        state.Position = 0;
        using var model = new PlainStart();
        using var monitor = GradientMonitor.Attach(model, new() { SampleEvery = 1 });
        Assert.True(monitor.LoadState(state));
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        for (var step = 0; step < 12; step++)
        {
            using var scope = NewDisposeScope();
            var loss = functional.cross_entropy(model.call(100 * randn(16, 32)), randint(0, 4, [16]));
            optimizer.zero_grad();
            loss.backward();
            monitor.Observe(loss);
            optimizer.step();
        }

        Assert.Null(monitor.Preflight);
        Assert.DoesNotContain(monitor.Alerts, static alert => alert.Evidence.ContainsKey("predictedStd"));
    }

    private static Alert First(TrainingRun run, Func<Module<Tensor, Tensor>> build, AlertSeverity severity)
    {
        var result = run.Train(build);
        return result.Alerts.FirstOrDefault(alert => alert.Id == "GG9010" && alert.Severity == severity)
            ?? throw new Xunit.Sdk.XunitException($"no {severity} GG9010 among: {result.Told}");
    }
}
