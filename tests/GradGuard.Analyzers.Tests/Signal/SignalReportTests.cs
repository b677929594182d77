using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Signal;

public class SignalReportTests
{
    [Fact]
    public void AnEmptyGraphHasAnEmptyReport()
    {
        var report = SignalReport.Compute(new GraphSketch().Graph());

        Assert.Empty(report.PreActivations);
        Assert.Null(report.GradientRatio);
    }

    [Fact]
    public void StandardNormalWeightsOverAnMnistImageSaturateASigmoid()
    {
        var sketch = new GraphSketch();
        var z = sketch.Linear(sketch.Input(64, 784), 784, 100, new WeightDistribution.Normal(0, 1));
        var y = sketch.Activation(ActivationKind.Sigmoid, z);
        var report = SignalReport.Compute(sketch.Graph(y));

        Assert.Equal(28, report[z].Value!.Value.Std, 1e-9);
        Assert.Equal(0.886, report[y].SaturatedShare!.Value, 1e-3);
        Assert.True(report[y].AssumesUnitInput);
    }

    [Fact]
    public void ADefaultLinearBeforeASigmoidIsHealthy()
    {
        var sketch = new GraphSketch();
        var z = sketch.Linear(sketch.Input(64, 784), 784, 100, new WeightDistribution.FanInUniform(1), new WeightDistribution.FanInUniform(1));
        var y = sketch.Activation(ActivationKind.Sigmoid, z);
        var report = SignalReport.Compute(sketch.Graph(y));

        Assert.Equal(Math.Sqrt((1 + (1.0 / 784)) / 3), report[z].Value!.Value.Std, 1e-9);
        Assert.Equal(0, report[y].SaturatedShare!.Value, 1e-6);
    }

    [Fact]
    public void DefaultWeightsAreKnownEvenWhereTheWidthIsNot()
    {
        var sketch = new GraphSketch();
        var z = sketch.Linear(sketch.Input(), null, null);
        var report = SignalReport.Compute(sketch.Graph(z));

        Assert.Equal(Math.Sqrt(1.0 / 3), report[z].Value!.Value.Std, 1e-9);
    }

    [Fact]
    public void WeightsOfUnknownScaleLeaveWhatFollowsUnknown()
    {
        var sketch = new GraphSketch();
        var z = sketch.Linear(sketch.Input(), 10, 10, WeightDistribution.Unknown.Instance);
        var y = sketch.Activation(ActivationKind.Sigmoid, z);
        var last = sketch.Linear(y, 10, 10);
        var report = SignalReport.Compute(sketch.Graph(last));

        Assert.Null(report[z].Value);
        Assert.NotEqual("", report[z].UnknownBecause);
        Assert.Null(report[y].SaturatedShare);
        Assert.Null(report[last].Value);
        Assert.Equal(1, report[last].GradientRms);
        Assert.Null(report[z].GradientRms);
        Assert.Null(report.GradientRatio);
    }

    [Fact]
    public void WhatIsNotUnderstoodHidesTheGradientBehindIt()
    {
        var sketch = new GraphSketch();
        var first = sketch.Linear(sketch.Input(), 10, 10);
        var unknown = sketch.Add(new UnknownNode("call to Foo", Location.None, first));
        var last = sketch.Linear(unknown, 10, 10);
        var report = SignalReport.Compute(sketch.Graph(last));

        Assert.NotNull(report[first].Value);
        Assert.Null(report[first].GradientRms);
        Assert.Equal("call to Foo", report[last].UnknownBecause);
    }

    [Fact]
    public void ACutStopsTheGradientButNotTheValue()
    {
        var sketch = new GraphSketch();
        var first = sketch.Linear(sketch.Input(), 10, 10);
        var cut = sketch.Add(new GradientCutNode(GradientCutKind.Detach, first, Location.None));
        var last = sketch.Linear(cut, 10, 10);
        var report = SignalReport.Compute(sketch.Graph(last));

        Assert.Equal(report[first].Value, report[cut].Value);
        Assert.Equal(0, report[first].GradientRms);
    }

    [Fact]
    public void ZeroWeightsGiveZeroPreActivationsAndStopTheGradient()
    {
        var sketch = new GraphSketch();
        var first = sketch.Linear(sketch.Input(), 10, 10);
        var zeroed = sketch.Linear(first, 10, 10, new WeightDistribution.Constant(0));
        var rectified = sketch.Activation(ActivationKind.Relu, zeroed);
        var report = SignalReport.Compute(sketch.Graph(rectified));

        Assert.Equal(0, report[zeroed].Value!.Value.Square);
        Assert.Equal(1, report[rectified].DeadShare);
        Assert.Equal(0, report[first].GradientRms);
    }

    [Fact]
    public void ConstantWeightsMakeEveryUnitAlike()
    {
        var sketch = new GraphSketch();
        var z = sketch.Linear(sketch.Input(), 100, 50, new WeightDistribution.Constant(0.5));
        var next = sketch.Linear(z, 50, 50, new WeightDistribution.Constant(0.1));
        var value = SignalReport.Compute(sketch.Graph(next))[next].Value!.Value;

        // Σ of 100 independent unit values times 0.5 has variance 25; fifty equal ones times 0.1 give five times that value.
        Assert.Equal(25 * 25, value.Square, 1e-9);
        Assert.Equal(value.Square, value.AcrossUnits, 1e-9);
    }

    [Fact]
    public void WeightsOfInfiniteScaleAreNotKnown()
    {
        var sketch = new GraphSketch();
        var z = sketch.Linear(sketch.Input(), 10, 10, new WeightDistribution.Normal(0, double.PositiveInfinity));
        var y = sketch.Activation(ActivationKind.Tanh, z);
        var report = SignalReport.Compute(sketch.Graph(y));

        Assert.Equal("the value overflows", report[z].UnknownBecause);
        Assert.Null(report[y].Value);
    }

    [Fact]
    public void EachSigmoidCostsAtLeastAFactorFour()
    {
        var sketch = new GraphSketch();
        GraphNode x = sketch.Input();
        for (var i = 0; i < 6; i++)
            x = sketch.Activation(ActivationKind.Sigmoid, sketch.Linear(x, 64, 64, new WeightDistribution.Xavier(1, IsUniform: true)));
        var report = SignalReport.Compute(sketch.Graph(x));

        for (var i = 1; i < 6; i++)
            Assert.InRange(report.PreActivations[i - 1].GradientRms!.Value / report.PreActivations[i].GradientRms!.Value, 0.15, 0.25);
        Assert.True(report.GradientRatio < 1e-3);
    }

    [Fact]
    public void KaimingKeepsTheGradientOfADeepReluStack()
    {
        var sketch = new GraphSketch();
        GraphNode x = sketch.Input();
        for (var i = 0; i < 20; i++)
            x = sketch.Activation(ActivationKind.Relu, sketch.Linear(x, 64, 64, new WeightDistribution.Kaiming(Math.Sqrt(2), false, false)));

        Assert.Equal(1, SignalReport.Compute(sketch.Graph(x)).GradientRatio!.Value, 1e-6);
    }

    [Fact]
    public void AnActivationWrittenByHandEqualsTheLibrarysOwn()
    {
        var sketch = new GraphSketch();
        var z = sketch.Linear(sketch.Input(), 100, 100, new WeightDistribution.Normal(0, 0.2));
        var library = sketch.Activation(ActivationKind.Silu, z);
        var byHand = sketch.Add(new MultiplyNode(z, sketch.Activation(ActivationKind.Sigmoid, z), Location.None));
        var report = SignalReport.Compute(sketch.Graph(library));
        var reportByHand = SignalReport.Compute(sketch.Graph(byHand));

        Assert.Equal(report[library].Value!.Value.Square, reportByHand[byHand].Value!.Value.Square, 1e-9);
        Assert.Equal(report[z].GradientRms!.Value, reportByHand[z].GradientRms!.Value, 1e-9);
    }

    [Fact]
    public void AResidualJoinAddsSquares()
    {
        var sketch = new GraphSketch();
        var x = sketch.Linear(sketch.Input(), 64, 64, new WeightDistribution.Normal(0, 1.0 / 8));
        var branch = sketch.Linear(sketch.Activation(ActivationKind.Relu, x), 64, 64, new WeightDistribution.Kaiming(Math.Sqrt(2), false, false));
        var sum = sketch.Add(new AddNode(x, branch, Location.None));
        var report = SignalReport.Compute(sketch.Graph(sum));

        Assert.Equal(2, report[sum].Value!.Value.Square, 1e-9);
        Assert.Equal(Math.Sqrt(2), report[x].GradientRms!.Value, 1e-9);
    }

    [Fact]
    public void AVeryNegativeBiasStartsEveryReluDead()
    {
        var sketch = new GraphSketch();
        var z = sketch.Linear(sketch.Input(), 100, 100, new WeightDistribution.Normal(0, 0.1), new WeightDistribution.Constant(-10));
        var y = sketch.Activation(ActivationKind.Relu, z);

        Assert.Equal(1, SignalReport.Compute(sketch.Graph(y))[y].DeadShare!.Value, 1e-6);
    }

    [Fact]
    public void TheDeadShareMatchesAMonteCarloOverUnits()
    {
        var preActivation = new Moments(-1, 4, 3.2, 1, 1);
        var random = new Random();
        const int Units = 4000;
        var dead = 0;
        for (var unit = 0; unit < Units; unit++)
        {
            var mean = -1 + (Math.Sqrt(2.2) * Normal(random));
            if (Enumerable.Range(0, 200).All(_ => mean + (Math.Sqrt(0.8) * Normal(random)) <= 0))
                dead++;
        }

        var share = UnitShares.Dead(preActivation, 0, samples: 200);
        Assert.Equal(share, (double)dead / Units, 4.5 * Math.Sqrt(share * (1 - share) / Units));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
