using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Signal;

/// <summary>How far the variances of units, and of the pools of a normalization, differ: against drawn weights and counted taps.</summary>
public class ConcentrationTests
{
    private readonly GraphSketch _sketch = new();
    private readonly Random _random = new();

    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    public void TwoNarrowLayersSpreadTheVarianceOfUnitsAsDrawnWeightsDo(int width)
    {
        var z = _sketch.Linear(_sketch.Linear(_sketch.Input(64, width), width, width, new WeightDistribution.Normal(0, 1)), width, 100, new WeightDistribution.Normal(0, 1));
        var y = Normalize(NormalizationKind.Batch, z);

        // A unit of the second layer is vᵀ·W·x: its variance over samples is |Wᵀ·v|².
        var (sum, squares) = (0.0, 0.0);
        const int Matrices = 4000;
        for (var i = 0; i < Matrices; i++)
        {
            var matrix = Enumerable.Range(0, width).Select(_ => Draw(width)).ToArray();
            var unit = Draw(width);
            var variance = Enumerable.Range(0, width).Sum(j => Math.Pow(matrix.Zip(unit, (row, v) => row[j] * v).Sum(), 2));
            (sum, squares) = (sum + variance, squares + (variance * variance));
        }
        var spread = (squares / Matrices / Math.Pow(sum / Matrices, 2)) - 1;
        var gain = SignalReport.Compute(_sketch.Graph(y))[z].GradientRms!.Value * width;
        Assert.InRange(1 - (1 / (gain * gain)), 0.7 * spread, 1.3 * spread);
    }

    [Fact]
    public void UniformWeightsSpreadTheVarianceOfUnitsLessThanNormalOnes()
    {
        double Gain(WeightDistribution law)
        {
            var sketch = new GraphSketch();
            var z = sketch.Linear(sketch.Input(64, 10), 10, 100, law);
            return SignalReport.Compute(sketch.Graph(sketch.Add(new NormalizationNode(NormalizationKind.Batch, null, z, Location.None))))[z].GradientRms!.Value;
        }

        // Both laws have unit variance; E[w⁴] is 9/5 and 3, so the squares of ten weights spread by 0.8/10 and 2/10.
        Assert.Equal(1 / Math.Sqrt(10 * (1 - 0.2)), Gain(new WeightDistribution.Normal(0, 1)), 1e-5);
        Assert.Equal(1 / Math.Sqrt(10 * (1 - 0.08)), Gain(new WeightDistribution.Uniform(-Math.Sqrt(3), Math.Sqrt(3))), 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void BehindBatchNormTheGradientOfUnitsOfFewInputsIsNotKnown(int inputs)
    {
        var z = _sketch.Linear(_sketch.Input(64, inputs), inputs, 100, new WeightDistribution.Normal(0, 1));
        var report = SignalReport.Compute(_sketch.Graph(Normalize(NormalizationKind.Batch, z)));

        Assert.Null(report[z].GradientRms);
        Assert.NotNull(report[z].Value);
    }

    [Fact]
    public void BehindBatchNormTheGradientOfAWideLayerIsKnown()
    {
        var z = _sketch.Linear(_sketch.Input(64, 5), 5, 100, new WeightDistribution.Normal(0, 1));

        Assert.NotNull(SignalReport.Compute(_sketch.Graph(Normalize(NormalizationKind.Batch, z)))[z].GradientRms);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    public void LayerNormSeesTheMeanInverseVarianceOfItsUnits(int width)
    {
        var z = _sketch.Linear(_sketch.Input(64, 300), 300, width, new WeightDistribution.Normal(0, Math.Sqrt(1.0 / 300)));
        var y = _sketch.Add(new NormalizationNode(NormalizationKind.Layer, null, _sketch.Add(new ReshapeNode(z, Location.None) { Shape = TensorShape.Of(64, width) }), Location.None));

        // Of n normals: E[1/s²] = (n − 1)/(n − 3), the mean and the share along the value lost, s² with n below.
        var expected = (width - 1.0) / (width - 3) * (width - 2) / (width - 1);
        Assert.Equal(Math.Sqrt(expected), SignalReport.Compute(_sketch.Graph(y))[z].GradientRms!.Value, 0.01);
    }

    [Theory]
    [InlineData(8, 3, 1, 1)]
    [InlineData(7, 5, 1, 2)]
    [InlineData(9, 3, 2, 1)]
    [InlineData(4, 5, 1, 2)]
    public void ThePatternOfZeroPaddingIsThatOfItsCountedTaps(int extent, int kernel, int stride, int padding)
    {
        var layer = new Layer("conv", LayerKind.Convolution, Location.None)
        {
            InFeatures = 1,
            OutFeatures = 1,
            Kernel = ImmutableArray.Create<long?>(kernel, kernel),
            Stride = ImmutableArray.Create<long?>(stride, stride),
            Padding = ImmutableArray.Create<long?>(padding, padding),
            Weight = GraphSketch.Draws(new WeightDistribution.Normal(0, 1)),
        };
        var reach = SpatialReach.Of(layer, TensorShape.Of(1, 1, extent, extent))!.Value;

        var outputs = ((extent + (2 * padding) - kernel) / stride) + 1;
        bool InBounds(int output, int tap) => (output * stride) - padding + tap is var at && at >= 0 && at < extent;
        int Common(int p, int q) => Enumerable.Range(0, kernel).Count(tap => InBounds(p, tap) && InBounds(q, tap));
        var positions = outputs * outputs;
        var taps = new double[positions, positions];
        for (var p = 0; p < positions; p++)
            for (var q = 0; q < positions; q++)
                taps[p, q] = Common(p / outputs, q / outputs) * Common(p % outputs, q % outputs);
        var rows = Enumerable.Range(0, positions).Select(p => Enumerable.Range(0, positions).Average(q => taps[p, q])).ToArray();
        var mean = rows.Average();
        var (trace, power) = (0.0, 0.0);
        for (var p = 0; p < positions; p++)
        {
            trace += (taps[p, p] - (2 * rows[p]) + mean) / positions;
            for (var q = 0; q < positions; q++)
                power += Math.Pow((taps[p, q] - rows[p] - rows[q] + mean) / positions, 2);
        }

        Assert.Equal(trace, reach.PerOutput - reach.PerPair, 1e-9);
        Assert.Equal(power / (trace * trace), reach.PatternConcentration, 1e-9);
    }

    [Fact]
    public void WithoutPaddingThereIsNoPattern()
    {
        var layer = new Layer("conv", LayerKind.Convolution, Location.None)
        {
            Kernel = ImmutableArray.Create<long?>(3, 3),
            Weight = GraphSketch.Draws(new WeightDistribution.Normal(0, 1)),
        };
        var reach = SpatialReach.Of(layer, TensorShape.Of(1, 1, 8, 8))!.Value;

        Assert.Equal(0, default(Concentration).ThroughWeights(new(1, 1.5, 1, 1, 1), 16, reach).PatternShare);
    }

    [Fact]
    public void APatternOutlivesAveragePoolingAndSamplesDoNot()
    {
        var concentration = new Concentration(Samples: 0.1, PatternShare: 0.5, Pattern: 0.2).Averaged(4);

        Assert.Equal(0.8, concentration.PatternShare, 1e-12);
        Assert.Equal((0.8 * 0.8 * 0.2) + (0.2 * 0.2 * 0.1), concentration.Total, 1e-12);
    }

    [Fact]
    public void OneDirectionStaysOneDirectionThroughAnOddFunction()
    {
        var tanh = ActivationFunction.Of(ActivationKind.Tanh, null)!;
        var transform = GaussianTransform.Of(PointwiseFunction.Identity.Then(tanh.Evaluate, tanh.Breakpoints), Moments.UnitRms);

        Assert.Equal(1, new Concentration(1, 0, 0).Through(transform).Samples, 1e-6);
    }

    private NormalizationNode Normalize(NormalizationKind kind, GraphNode x) => _sketch.Add(new NormalizationNode(kind, null, x, Location.None));

    private double[] Draw(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()))];
}
