using GradGuard.Cli.Comparison;
using GradGuard.Cli.Input;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Tests.Comparison;

/// <summary>What is called worse, and what is noise.</summary>
public class RunComparisonTests
{
    private static readonly StepRange AllSteps = new(0, long.MaxValue);

    private static ComparisonResult Compare(RandomRun before, RandomRun after, Limits? limits = null) => Compare([before], after, limits);

    private static ComparisonResult Compare(IEnumerable<RandomRun> before, RandomRun after, Limits? limits = null) =>
        RunComparison.Of([.. before.Select(run => run.Build())], after.Build(), AllSteps, limits ?? new());

    private static IEnumerable<(string, Figure)> Worse(ComparisonResult result) => result.Regressions.Select(judgement => (judgement.Layer, judgement.Figure));

    [Fact]
    public void ForTheSameTrainingWithOtherNoise_IsSilent()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var result = Compare(new RandomRun(seed), new RandomRun(1000 + seed));

            Assert.False(result.IsRegression, string.Join(", ", Worse(result)));
            Assert.Equal(16, result.Judgements.Count);
        }
    }

    public static TheoryData<string, double> Shifts { get; } = new()
    {
        { nameof(Figure.GradientNorm), 0.05 }, { nameof(Figure.GradientNorm), 20 }, { nameof(Figure.UpdateRatio), 0.05 }, { nameof(Figure.UpdateRatio), 20 },
        { nameof(Figure.ActivationStd), 0.05 }, { nameof(Figure.ActivationStd), 20 }, { nameof(Figure.DeadShare), 4 }, { nameof(Figure.SaturatedShare), 4 },
    };

    [Theory]
    [MemberData(nameof(Shifts))]
    public void OneFigureOfOneLayerShifted_IsExactlyThat(string name, double factor)
    {
        var figure = Figure.All.Single(known => known.Id.Equals(name, StringComparison.OrdinalIgnoreCase));
        for (var seed = 0; seed < 10; seed++)
        {
            var layer = RandomRun.LayerNames[seed % 3];
            var result = Compare(new RandomRun(seed), new RandomRun(1000 + seed).With(layer, figure, (_, value) => value * factor));

            var only = Assert.Single(result.Regressions);
            Assert.Equal((layer, figure, factor > 1 ? Change.Higher : Change.Lower), (only.Layer, only.Figure, only.Change));
        }
    }

    [Theory]
    [InlineData(nameof(Figure.DeadShare))]
    [InlineData(nameof(Figure.SaturatedShare))]
    [InlineData(nameof(Figure.Loss))]
    public void WhatFallsAndIsBetterSo_IsNoRegression(string name)
    {
        var figure = Figure.All.Single(known => known.Id.Equals(name, StringComparison.OrdinalIgnoreCase));

        Assert.False(Compare(new RandomRun(1), new RandomRun(2).With(figure == Figure.Loss ? "" : "fc1", figure, (_, value) => value / 20)).IsRegression);
    }

    [Fact]
    public void AHigherLoss_IsOfTheWholeModel()
    {
        var only = Assert.Single(Compare(new RandomRun(1), new RandomRun(2).With("", Figure.Loss, (_, value) => value * 3)).Regressions);

        Assert.Equal(("", Figure.Loss, Change.Higher), (only.Layer, only.Figure, only.Change));
        Assert.InRange(only.Run / only.Base, 2.4, 3.6);
    }

    [Fact]
    public void ALossThatGoesBelowZero_IsComparedInMeansOfItsBase()
    {
        static double Reward(double value) => 0.01 * value - 2;
        var before = new RandomRun(1).With("", Figure.Loss, (_, value) => Reward(value));

        Assert.False(Compare(before, new RandomRun(2).With("", Figure.Loss, (_, value) => Reward(value))).IsRegression);
        Assert.Equal(Figure.Loss, Assert.Single(Compare(before, new RandomRun(3).With("", Figure.Loss, (_, value) => Reward(value) + 1)).Regressions).Figure);
    }

    [Fact]
    public void ACertainTrifle_IsNoRegression()
    {
        var after = new RandomRun(1) { Noise = 0.001 }.With("fc2", Figure.GradientNorm, (_, value) => value * 1.5);

        var result = Compare(new RandomRun(2) { Noise = 0.001 }, after);

        Assert.False(result.IsRegression);
        Assert.Equal(("fc2", Figure.GradientNorm), Assert.Single(Worse(Compare(new RandomRun(2) { Noise = 0.001 }, after, new Limits { Factor = 1.2 }))));
    }

    [Fact]
    public void AFaultThatComesLate_IsFoundAtTheEnd()
    {
        var last = new RandomRun(2).Steps[^1];
        var after = new RandomRun(2).With("fc1", Figure.GradientNorm, (step, value) => step > 0.42 * last ? value / 20 : value);

        var only = Assert.Single(Compare(new RandomRun(1), after).Regressions);

        Assert.Equal(("fc1", Change.Lower, Window.End), (only.Layer, only.Change, only.Window));
    }

    [Fact]
    public void AGradientOfExactlyZero_IsVanishing_AndZeroInBothIsTheSame()
    {
        var zero = new RandomRun(2).With("fc1", Figure.GradientNorm, (_, _) => 0);

        var only = Assert.Single(Compare(new RandomRun(1), zero).Regressions);

        Assert.Equal((Change.Lower, 0.0), (only.Change, only.Run));
        Assert.False(Compare(new RandomRun(3).With("fc1", Figure.GradientNorm, (_, _) => 0), zero).IsRegression);
    }

    [Fact]
    public void ALossThatTurnsNaN_IsARegression_AndANaNThatTheBaseHasTooIsNot()
    {
        static double Breaks(long step, double value) => step >= 300 ? double.NaN : value;
        var broken = new RandomRun(1).With("", Figure.Loss, Breaks);

        var only = Assert.Single(Compare(new RandomRun(2), broken).Regressions);

        Assert.Equal((Figure.Loss, Change.NotFinite), (only.Figure, only.Change));
        Assert.Equal(broken.Steps.First(step => step >= 300), only.NotFiniteFrom);
        Assert.False(Compare(new RandomRun(3).With("", Figure.Loss, Breaks), broken).IsRegression);
    }

    [Fact]
    public void AnOverflowOrTwoUnderALossScale_IsNoRegression() =>
        Assert.False(Compare(new RandomRun(1), new RandomRun(2).With("fc1", Figure.GradientNorm, (step, value) => step == 12 ? double.PositiveInfinity : value)).IsRegression);

    [Fact]
    public void RunsReadAtOtherStepsAndOfOtherLengths_AreComparedWhereBothAre()
    {
        var before = new RandomRun(1) { Steps = [.. Enumerable.Range(20, 300).Select(index => (long)index)] };
        var after = new RandomRun(2) { Steps = [.. Enumerable.Range(0, 90).Select(index => 7L * index)] };

        var sound = Compare(before, after);
        var broken = Compare(before, after.With("fc3", Figure.DeadShare, (_, value) => value + 0.4));

        Assert.Equal(new StepRange(20, 319), sound.Range);
        Assert.False(sound.IsRegression);
        Assert.Equal([("fc3", Figure.DeadShare)], Worse(broken));
        Assert.All(sound.Judgements.Where(judgement => judgement.Window == Window.All), judgement => Assert.Equal(43, judgement.Readings));
    }

    [Fact]
    public void SeveralBases_MakeTheSpreadBetweenSeedsTheNoise()
    {
        double[] offsets = [-1.2, 0.9, 0.2, -0.5, 1.1];
        var bases = offsets.Select((offset, seed) => new RandomRun(seed) { Offset = offset, Noise = 0.05 }).ToList();
        var alike = new RandomRun(77) { Offset = 1.6, Noise = 0.05 };

        Assert.True(Compare(bases[0], alike).IsRegression);
        Assert.False(Compare(bases, alike).IsRegression);
        Assert.True(Compare(bases, alike).KnowsSeeds);
        Assert.Contains(("fc1", Figure.GradientNorm), Worse(Compare(bases, new RandomRun(78) { Offset = 0.3, Noise = 0.05 }.With("fc1", Figure.GradientNorm, (_, value) => value * 1e-5))));
    }

    [Fact]
    public void BasesThatAgreeByLuck_StillLeaveTheNoiseWithinTheRuns()
    {
        var bases = Enumerable.Repeat(new RandomRun(5) { Noise = 0.5 }, 4);

        Assert.False(Compare(bases, new RandomRun(6) { Noise = 0.5 }).IsRegression);
    }

    [Fact]
    public void TheSameRuns_GiveTheSameNumbers() =>
        Assert.Equal(
            Compare(new RandomRun(1), new RandomRun(2)).Judgements.Select(judgement => judgement.Estimate),
            Compare(new RandomRun(1), new RandomRun(2)).Judgements.Select(judgement => judgement.Estimate));

    [Fact]
    public void LayersThatComeGoOrChangeType_AreTold()
    {
        var before = new RandomRun(1).Build() with { Layers = new Dictionary<string, string> { ["fc1"] = "Linear", ["fc2"] = "Linear", ["gone"] = "ReLU" } };
        var after = new RandomRun(2).Build() with { Layers = new Dictionary<string, string> { ["fc1"] = "Linear", ["fc2"] = "Bilinear", ["new"] = "ReLU" } };

        var layers = RunComparison.Of([before], after, AllSteps, new()).Layers;

        Assert.Equal(["new"], layers.Added);
        Assert.Equal(["gone"], layers.Removed);
        Assert.Equal([new RetypedLayer("fc2", "Linear", "Bilinear")], layers.Retyped);
    }

    [Fact]
    public void AFigureThatOneRunDoesNotHave_IsToldAndNotGuessed()
    {
        var after = new RandomRun(2).Build();
        after = after with { Series = after.Series.Where(entry => entry.Key != ("fc2", Figure.DeadShare)).ToDictionary() };

        var result = RunComparison.Of([new RandomRun(1).Build()], after, AllSteps, new());

        Assert.Equal(new NotCompared("fc2", Figure.DeadShare, "not read in run-2"), Assert.Single(result.NotCompared));
        Assert.DoesNotContain(result.Judgements, judgement => (judgement.Layer, judgement.Figure) == ("fc2", Figure.DeadShare));
        Assert.False(result.IsRegression);
    }

    [Theory]
    [InlineData("GG9004", "fc1", "Warning", 100, false)]
    [InlineData("GG9004", "fc2", "Warning", 100, true)]
    [InlineData("GG9005", "fc1", "Critical", 100, true)]
    [InlineData("GG9005", "fc1", "Info", 100, false)]
    [InlineData("GG9005", "fc1", "Critical", 5000, false)]
    public void AnAlert_CountsWhereItIsNewByNumberAndLayer_HarmfulAndWithinTheCommonSteps(string id, string layer, string severity, long step, bool counts)
    {
        static RunAlert Alert(string id, string layer, AlertSeverity severity, long step) => new(id, severity, layer, step, "", "", new Dictionary<string, double>());
        var before = new RandomRun(1).Build() with { Alerts = [Alert("GG9004", "fc1", AlertSeverity.Warning, 3)] };
        var after = new RandomRun(2).Build() with { Alerts = [Alert(id, layer, Enum.Parse<AlertSeverity>(severity), step), Alert(id, layer, Enum.Parse<AlertSeverity>(severity), step + 1)] };

        var result = RunComparison.Of([before], after, AllSteps, new());

        Assert.Equal(counts, result.IsRegression);
        Assert.Equal(counts ? 1 : 0, result.HarmfulAlerts.Count());
    }

    [Fact]
    public void RunsWithoutACommonStep_CannotBeCompared()
    {
        var resumed = new RandomRun(2) { Steps = [.. Enumerable.Range(5000, 50).Select(step => (long)step)] };

        Assert.Contains("run-2 has steps 5000 to 5049", Assert.Throws<InputException>(() => Compare(new RandomRun(1), resumed)).Message);
    }
}
