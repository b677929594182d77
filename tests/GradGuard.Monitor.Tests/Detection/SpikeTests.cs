using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9007: one batch unlike all others is a spike; noise that recurs, and a level that the run moves on from, are not.</summary>
public sealed class SpikeTests
{
    private const int CorruptStep = 110;

    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OneBatchOfGarbageIsASpike(int seed)
    {
        var alert = Assert.Single(Run(seed, Garbage).Alerts);
        Assert.Equal(("GG9007", "", AlertSeverity.Warning), (alert.Id, alert.Layer, alert.Severity));
        Assert.Equal(CorruptStep, alert.Evidence["atStep"]);
        Assert.InRange(alert.Step, CorruptStep + 1, CorruptStep + SpikeSeries.Aftermath + 1);
        Assert.True(alert.Evidence["robustZ"] >= 6);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OneBatchOfWrongLabelsIsASpike(int seed)
        => Assert.Contains(Run(seed, (step, data, labels) => (data, step == CorruptStep ? (labels + 1) % 4 : labels)).Alerts,
            alert => alert.Id == "GG9007" && alert.Evidence["atStep"] == CorruptStep);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WrongLabelsInEveryTenthBatchAreNoSpike(int seed)
        => AssertQuiet(Run(seed, (step, data, labels) => (data, step % 10 == seed ? (labels + 1) % 4 : labels), steps: 300));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WrongLabelsAtRandomAreNoSpike(int seed)
    {
        var chance = new Random(seed);
        AssertQuiet(Run(seed, (_, data, labels) => (data, chance.NextDouble() < 0.08 ? (labels + 1) % 4 : labels), steps: 300));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TinyBatchesOfAConvergedRunAreNoSpike(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Batch = 1, LearningRate = 0.01, Spread = 2, Steps = 600 }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ARestartOfTheLearningRateIsNoSpike(int seed)
        => AssertQuiet(new TrainingRun
        {
            Seed = seed,
            Spread = 1.5,
            Steps = 420,
            Schedule = static step => 0.1 * (0.501 + (0.5 * Math.Cos(Math.PI * (step % 140) / 140))),
        }.Train(Models.Mlp));

    [Fact]
    public void ALossThatStaysWhereItBeganIsThrownBack()
    {
        var series = new SpikeSeries(6);
        var chance = new Random(3);
        Spike? found = null;
        for (var step = 0; step < 200; step++)
            found = series.Add((step is < 16 or >= 150 ? step == 150 ? 40 : 2.4 : 0.3) + (0.05 * chance.NextDouble()), step) ?? found;
        Assert.NotNull(found);
        Assert.Equal(150, found.Step);
        Assert.True(found.IsThrownBack);
    }

    [Theory]
    [InlineData(1, 0.4, false)]
    [InlineData(2, 0.4, false)]
    [InlineData(3, 0.4, false)]
    [InlineData(1, 0.8, true)]
    [InlineData(2, 0.8, true)]
    [InlineData(3, 0.8, true)]
    public void WhereTheNoiseIsSmallAJumpMustStillBeHalfOfTheLoss(int seed, double rise, bool isSpike)
    {
        var series = new SpikeSeries(6);
        var chance = new Random(seed);
        Spike? found = null;
        for (var step = 0; step < 200; step++)
            found = series.Add((step == 150 ? 1 + rise : 1) + (0.01 * chance.NextDouble()), step) ?? found;
        Assert.Equal(isSpike, found is not null);
    }

    [Fact]
    public void ANewTaskIsNotThrownBack()
    {
        var series = new SpikeSeries(6);
        var chance = new Random(3);
        for (var step = 0; step < 200; step++)
        {
            var found = series.Add((step is < 16 ? 2.4 : step < 150 ? 0.3 : 2.0) + (0.05 * chance.NextDouble()), step);
            Assert.False(found is { CameBack: true } or { IsThrownBack: true });
        }
    }

    [Fact]
    public void AModelThatHasJustBegunToLearnMayJumpAbout()
    {
        var series = new SpikeSeries(6);
        var chance = new Random(4);
        for (var step = 0; step < 300; step++)
            Assert.Null(series.Add((step < 150 ? 1.38 : step == 200 ? 1.55 : 1.0) + (0.05 * chance.NextDouble()), step));
    }

    [Fact]
    public void RewardsThatComeRarelyAreNoSpike()
    {
        var series = new SpikeSeries(6);
        var chance = new Random(5);
        for (var step = 0; step < 2000; step++)
            Assert.Null(series.Add(chance.NextDouble() < 0.02 ? 1 + chance.NextDouble() : 0, step));
    }

    private static (Tensor, Tensor) Garbage(int step, Tensor data, Tensor labels) => (step == CorruptStep ? 255 * randn_like(data) : data, labels);

    private static void AssertQuiet(TrainingRun.Result result) => Assert.True(result.Alerts.Count == 0, result.Told);

    private static TrainingRun.Result Run(int seed, Func<int, Tensor, Tensor, (Tensor, Tensor)> spoil, int steps = 130)
        => new TrainingRun { Seed = seed, Steps = steps, Spread = 1, LearningRate = 0.02, Clip = 1, Spoil = spoil, Options = new() { SampleEvery = 5 } }.Train(Models.Mlp);
}
