using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9002: which growth is an explosion, and whose.</summary>
public sealed class ExplodingGradientTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Fact]
    public void AGradientThatGrowsWhileTheLossFallsLeavesAPlateau() => Assert.Empty(Inspect(lossAfter: 0.7));

    [Fact]
    public void TheSameGrowthWhileTheLossRisesIsAnExplosion()
        => Assert.Equal("fc", Assert.Single(Inspect(lossAfter: 1.5).DistinctBy(static finding => finding.Layer)).Layer);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AFirstUpdateThatThrowsTheLossUpIsTheLayersThatStartedTooLarge(int seed)
    {
        var index = 0;
        var alert = new TrainingRun { Seed = seed, LearningRate = 0.1 }.Train(
            () => Models.Deep(3, 64, () => ReLU(), layer => init.normal_(layer.weight!, 0, index++ == 1 ? 5 : 0.15))).Alerts.First(static alert => alert.Id == "GG9002");
        Assert.Equal(("GG9002", "fc2", 1L), (alert.Id, alert.Layer, alert.Step));
    }

    [Theory]
    [InlineData(null, "head")]
    [InlineData(1e14, "")]
    public void WhatTheModelsOwnCodeMultipliesIsNotTheNextLayersDoing(double? rmsOfInput, string blamed)
    {
        var model = new LayerDescription { Path = "", Type = "Model", HasWeights = true };
        var head = new LayerRecord
        {
            Layer = new LayerDescription { Path = "head", Type = "Linear", HasWeights = true },
            Source = null,
            Before = model,
            Calls = 1,
            IsFinal = false,
            Output = Figures(1e14),
            ComputedInput = rmsOfInput is { } rms ? Figures(rms) : null,
        };
        var found = new ExplodingGradientDetector(new DetectionThresholds()).Inspect(new StepRecord { Step = 0, Depth = ReadingDepth.Everything, Loss = 1, InputRms = 1, Layers = [head] });
        Assert.Equal(blamed, Assert.Single(found).Layer);
    }

    [Theory]
    [InlineData(16, "loop.recurrent")]
    [InlineData(8, "loop.recurrent")]
    [InlineData(1, "head")]
    public void OfARecurrenceWrittenAsALoopTheLayerThatMapsStatesIsNamed(int calls, string blamed)
    {
        var detector = new ExplodingGradientDetector(new DetectionThresholds());
        var recurrent = new LayerDescription { Path = "loop.recurrent", Type = "Linear", HasWeights = true, FanIn = 32, Units = 32 };
        var found = Enumerable.Range(0, 5).SelectMany(step => detector.Inspect(new StepRecord
        {
            Step = step,
            Depth = ReadingDepth.Everything,
            Loss = 1,
            Layers = [new LayerRecord { Layer = recurrent, Source = recurrent, Calls = calls, IsFinal = false }],
            Updates = [new UpdateRecord("loop.recurrent.weight", "loop.recurrent", 2, 1024, 50, 32), new UpdateRecord("head.weight", "head", 2, 128, 20, 4)],
        })).ToList();
        Assert.Equal(blamed, found[0].Layer);
    }

    [Theory]
    [InlineData(16, "loop.recurrent")]
    [InlineData(2, "loop.recurrent")]
    [InlineData(1, "loop.act")]
    public void AnActivationThatRunsOnceATimeStepIsFedByTheLayerBeforeIt(int calls, string blamed)
        => Assert.Equal(blamed, new LayerRecord
        {
            Layer = new LayerDescription { Path = "loop.act", Type = "Tanh" },
            Source = null,
            Before = new LayerDescription { Path = "loop.recurrent", Type = "Linear", HasWeights = true },
            Calls = calls,
            IsFinal = false,
        }.BlamedPath);

    /// <summary>A gradient of norm 1 with some noise at a loss of 1, then one of 50 at another loss, under updates of a tenth of the weights.</summary>
    private static List<Finding> Inspect(double lossAfter)
    {
        var detector = new ExplodingGradientDetector(new DetectionThresholds());
        return [.. Enumerable.Range(0, 60).SelectMany(step => detector.Inspect(new StepRecord
        {
            Step = step,
            Depth = ReadingDepth.Everything,
            Loss = step < 40 ? 1 : lossAfter,
            Updates = [new UpdateRecord("fc.weight", "fc", 2, 1, 0.1, 1)],
            Parameters = [new ParameterRecord("fc.weight", "fc", 2, true, Figures(1), Figures(step < 40 ? 1 + (0.01 * (step % 3)) : 50))],
        }))];
    }

    private static TensorFigures? Figures(double norm)
        => TensorFigures.Of([new TensorStatistics { Count = 1, SampledCount = 1, Sum = norm, SumOfSquares = norm * norm, Min = norm, Max = norm }]);
}
