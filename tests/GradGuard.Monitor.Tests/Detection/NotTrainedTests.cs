using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9011: what never trains is named; what is frozen, or trains now and then, is not.</summary>
public sealed class NotTrainedTests
{
    [Fact]
    public void AModuleThatIsNeverCalledIsNamedOnceEnoughStepsHavePassed()
    {
        var alert = Assert.Single(Train(Side.Never, steps: 540));
        Assert.Equal(("GG9011", "side", AlertSeverity.Warning), (alert.Id, alert.Layer, alert.Severity));
        Assert.True(alert.Step + 1 >= NotTrainedDetector.StepsWithoutCall, $"step {alert.Step}");
        Assert.Contains("side.weight and side.bias", alert.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALayerCutOffFromTheLossIsNamed()
    {
        var alert = Assert.Single(Train(Side.Detached, steps: 60));
        Assert.Equal(("GG9011", "side"), (alert.Id, alert.Layer));
        Assert.Contains("does not reach the loss", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Side.Frozen)]
    [InlineData(Side.Used)]
    public void WhatIsFrozenOrUsedIsNot(Side side) => Assert.Empty(Train(side, steps: 60));

    [Fact]
    public void ABranchTakenOnceIsNotThoughNoReadingSawItTrain()
        => Assert.Empty(Inspect(neverCalled: step => step < 450));

    [Fact]
    public void FewStepsSayNothing() => Assert.Empty(Inspect(neverCalled: _ => true, steps: 499));

    public enum Side
    {
        Never,
        Detached,
        Frozen,
        Used,
    }

    private static List<Finding> Inspect(Func<int, bool> neverCalled, int steps = 600)
    {
        var detector = new NotTrainedDetector();
        var figures = TensorFigures.Of([new TensorStatistics { Count = 1, SampledCount = 1 }]);
        return [.. Enumerable.Range(0, steps).SelectMany(step => detector.Inspect(new StepRecord
        {
            Step = step,
            Depth = ReadingDepth.Everything,
            Parameters = [new ParameterRecord("branch.weight", "branch", 2, true, figures, null)],
            NeverCalled = neverCalled(step) ? ["branch"] : [],
        }))];
    }

    private static IReadOnlyList<Alert> Train(Side side, int steps)
        => new TrainingRun { Steps = steps, Batch = 8, Options = new() { SampleEvery = steps > 100 ? 50 : 1 } }.Train(() => new Forked(side)).Alerts;

    private sealed class Forked : Module<Tensor, Tensor>
    {
        private readonly Linear trunk = Linear(32, 4);
        private readonly Linear side = Linear(32, 4);
        private readonly Side _use;

        public Forked(Side use)
            : base(nameof(Forked))
        {
            _use = use;
            RegisterComponents();
            foreach (var parameter in side.parameters())
                parameter.requires_grad = use != Side.Frozen;
        }

        public override Tensor forward(Tensor input) => _use switch
        {
            Side.Never => trunk.call(input),
            Side.Detached => trunk.call(input) + side.call(input).detach(),
            _ => trunk.call(input) + side.call(input),
        };
    }
}
