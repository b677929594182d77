using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Signal;

/// <summary>Convolution, normalization, pooling, dropout, embedding, softmax and products, against values worked out by hand or drawn.</summary>
public class LayerSignalTests
{
    private readonly GraphSketch _sketch = new();

    [Fact]
    public void AConvolutionSumsFewerTapsAtItsEdges()
    {
        var x = _sketch.Input(8, 16, 4, 4);
        var z = Convolution(x, 16, 32, kernel: 3, stride: 1, padding: 1, std: 0.1, new long?[] { 8, 32, 4, 4 });

        // Of 3·4 taps in a row of four positions, two fall on the padding; rows and columns alike.
        Assert.Equal(16 * 0.01 * Math.Pow(10.0 / 4, 2), Value(z, z).Square, 1e-9);
    }

    [Fact]
    public void ZeroPaddingMakesEdgesDifferFromTheMiddleOfACentredOffImage()
    {
        var x = _sketch.Add(new ScaleNode(_sketch.Input(8, 16, 4, 4), 0, 1, Location.None) { Shape = TensorShape.Of(8, 16, 4, 4) });
        var z = Convolution(x, 16, 32, kernel: 3, stride: 1, padding: 1, std: 0.1, new long?[] { 8, 32, 4, 4 });

        // An image of ones: taps reach 3, 4 and 3 of 4 positions in a row, so two positions share (9 + 16 + 9)/16 taps on average.
        Assert.Equal(16 * 0.01 * Math.Pow(34.0 / 16, 2), Value(z, z).AcrossSamples, 1e-9);
        Assert.True(Value(z, z).WithinUnitVariance > 0);
    }

    [Fact]
    public void AStridedConvolutionReachesEachInputLessOften()
    {
        var x = _sketch.Input(8, 16, 8, 8);
        var z = Convolution(x, 16, 32, kernel: 2, stride: 2, padding: 0, std: 0.1, new long?[] { 8, 32, 4, 4 });
        var report = SignalReport.Compute(_sketch.Graph(z));

        Assert.Equal(32 * 0.01, report[x].Gradient!.Value.Square, 1e-9);
    }

    [Fact]
    public void OrthogonalKernelsAreNormedOverTheWholeFilter()
    {
        var layer = new Layer("conv", LayerKind.Convolution, Location.None)
        {
            InFeatures = 16,
            OutFeatures = 56,
            Kernel = [3, 3],
            Weight = GraphSketch.Draws(new WeightDistribution.Orthogonal(1)),
        };

        // 56 orthonormal rows of 144: each of the 144 squares is 1/144.
        Assert.Equal(1 / Math.Sqrt(144), WeightMoments.Of(layer)!.Value.Std, 1e-12);
    }

    [Fact]
    public void BatchNormBeforeReluMultipliesTheGradientByItsKnownFactor()
    {
        var x = _sketch.Linear(_sketch.Input(64, 256), 256, 256);
        GraphNode y = x;
        for (var i = 0; i < 2; i++)
            y = _sketch.Linear(_sketch.Activation(ActivationKind.Relu, Normalize(NormalizationKind.Batch, y)), 256, 256, new WeightDistribution.Normal(0, 1.0 / 16));
        var report = SignalReport.Compute(_sketch.Graph(y));

        // Yang et al. 2019: mean squared gradients grow by π/(π − 1) in each layer; the first one here has its own scale.
        var growth = report.PreActivations[1].Gradient!.Value.Square / report.PreActivations[2].Gradient!.Value.Square;
        Assert.Equal(Math.PI / (Math.PI - 1), growth, 0.02);
    }

    [Theory]
    [InlineData(NormalizationKind.Batch)]
    [InlineData(NormalizationKind.Layer)]
    [InlineData(NormalizationKind.Rms)]
    [InlineData(NormalizationKind.Instance)]
    internal void ANormalizedValueHasUnitRmsAndForgetsItsInputsScale(NormalizationKind kind)
    {
        var y = Normalize(kind, _sketch.Linear(_sketch.Input(64, 100), 100, 100, new WeightDistribution.Normal(0, 7)));
        var signal = SignalReport.Compute(_sketch.Graph(y))[y];

        Assert.Equal(1, signal.Value!.Value.Rms, 1e-4);
        Assert.False(signal.AssumesUnitInput);
    }

    [Fact]
    public void BatchNormAfterANarrowLayerAmplifiesTheGradientOfItsQuietUnits()
    {
        var x = _sketch.Linear(_sketch.Input(64, 6), 6, 100, new WeightDistribution.Normal(0, 1));
        var y = Normalize(NormalizationKind.Batch, x);

        // Variances follow a χ² of 6 degrees of freedom: E[1/χ²₆] = 1/(6 − 2).
        Assert.Equal(1 / Math.Sqrt(4), SignalReport.Compute(_sketch.Graph(y))[x].GradientRms!.Value, 1e-3);
    }

    [Fact]
    public void ABatchNormOfEqualSamplesIsZero()
    {
        var zero = _sketch.Linear(_sketch.Input(64, 10), 10, 10, new WeightDistribution.Constant(0), new WeightDistribution.Constant(3));
        var y = Normalize(NormalizationKind.Batch, zero);

        Assert.Equal(0, Value(y, y).Square);
    }

    [Fact]
    public void MaxPoolingAfterReluMatchesTheMaximumOfDrawnNormals()
    {
        var y = _sketch.Add(new PoolingNode(PoolingKind.Max, 4, _sketch.Activation(ActivationKind.Relu, _sketch.Input(8, 16, 8, 8)), Location.None));
        var random = new Random();
        const int Draws = 200_000;
        var square = Enumerable.Range(0, Draws)
            .Average(_ => Math.Pow(Math.Max(0, Enumerable.Range(0, 4).Max(_ => Normal(random))), 2));

        // The largest of four normals is taken as Gaussian: right to a few percent in its second moment.
        Assert.Equal(1, Value(y, y).Square / square, 0.03);
    }

    [Fact]
    public void AveragePoolingDividesTheVarianceWithinAUnit()
    {
        var x = _sketch.Input(8, 16, 8, 8);
        var y = _sketch.Add(new PoolingNode(PoolingKind.Average, 4, x, Location.None) { Shape = TensorShape.Of(8, 16, 4, 4) });
        var report = SignalReport.Compute(_sketch.Graph(y));

        Assert.Equal(0.25, report[y].Value!.Value.Square, 1e-12);
        Assert.Equal(1.0 / 16, report[x].Gradient!.Value.Square, 1e-12);
    }

    [Fact]
    public void PoolingOverAnUnknownWindowIsUnknown()
    {
        var y = _sketch.Add(new PoolingNode(PoolingKind.AdaptiveAverage, null, _sketch.Input(), Location.None));

        Assert.Null(SignalReport.Compute(_sketch.Graph(y))[y].Value);
    }

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.5, 2)]
    [InlineData(1.0, 0)]
    public void DropoutDividesTheSquareByTheKeptShare(double probability, double square)
    {
        var y = _sketch.Add(new DropoutNode(probability, _sketch.Input(), Location.None));

        Assert.Equal(square, Value(y, y).Square, 1e-12);
    }

    [Fact]
    public void AnEmbeddingDoesNotDependOnItsInput()
    {
        var layer = new Layer("embedding", LayerKind.Embedding, Location.None)
        {
            InFeatures = 100,
            OutFeatures = 16,
            Weight = GraphSketch.Draws(new WeightDistribution.Normal(0, 2)),
        };
        var y = _sketch.Add(new EmbeddingNode(layer, _sketch.Input(), Location.None));
        var signal = SignalReport.Compute(_sketch.Graph(y))[y];

        Assert.Equal(4, signal.Value!.Value.Square, 1e-12);
        Assert.Equal(4.0 / 100, signal.Value!.Value.AcrossSamples, 1e-12);
        Assert.False(signal.AssumesUnitInput);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void SoftmaxMatchesDrawnLogits(double std)
    {
        var x = _sketch.Input(64, 20);
        var logits = _sketch.Add(new ScaleNode(x, std, 0, Location.None) { Shape = x.Shape });
        var y = _sketch.Activation(ActivationKind.Softmax, logits);
        var random = new Random();
        var square = Enumerable.Range(0, 20_000).Average(_ =>
        {
            var weights = Enumerable.Range(0, 20).Select(_ => Math.Exp(std * Normal(random))).ToArray();
            return weights.Sum(w => w * w) / Math.Pow(weights.Sum(), 2) / 20;
        });

        Assert.Equal(1.0 / 20, Value(y, y).Mean, 1e-12);
        Assert.Equal(1, Value(y, y).Square / square, 0.15);
    }

    [Fact]
    public void AProductWithARandomMatrixIsALayer()
    {
        var x = _sketch.Input(64, 100);
        var tensor = _sketch.Add(new TensorNode(Matrix(100, 100, new WeightDistribution.Normal(0, 1)), isParameter: true, Location.None));
        var scaled = _sketch.Add(new ScaleNode(tensor, 0.3, 0, Location.None));
        var z = _sketch.Add(new ProductNode(x, scaled, 100, Location.None));
        var report = SignalReport.Compute(_sketch.Graph(z));

        Assert.Equal(3, report[z].Value!.Value.Std, 1e-9);
        Assert.Equal(3, report[x].GradientRms!.Value, 1e-9);
    }

    [Fact]
    public void UnscaledAttentionScoresSpreadWithTheRootOfTheWidth()
    {
        var x = _sketch.Input(8, 32, 64);
        var query = _sketch.Linear(x, 64, 64, new WeightDistribution.Normal(0, 0.125));
        var key = _sketch.Linear(x, 64, 64, new WeightDistribution.Normal(0, 0.125));
        var scores = _sketch.Add(new ProductNode(query, key, 64, Location.None) { IsBetweenActivations = true });

        Assert.Equal(8, Value(scores, scores).Std, 1e-9);
    }

    [Fact]
    public void ATableListsEachLayerWithAlignedColumns()
    {
        var z = _sketch.Linear(_sketch.Input(64, 784), 784, 100, new WeightDistribution.Normal(0, 1));
        var y = _sketch.Linear(_sketch.Activation(ActivationKind.Sigmoid, z), 100, 10, WeightDistribution.Unknown.Instance);
        var table = PredictionTable.Of(SignalReport.Compute(_sketch.Graph(y)));
        var lines = table.ToString().Split('\n');

        Assert.Equal(2, table.Rows.Count);
        Assert.Equal(28, table.Rows[0].PreActivationStd!.Value, 1e-9);
        Assert.InRange(table.Rows[0].SaturatedShare!.Value, 0.88, 0.89);
        Assert.Null(table.Rows[1].PreActivationStd);
        Assert.Contains("fan-in", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[1].IndexOf("saturated", StringComparison.Ordinal) + "saturated".Length, lines[2].IndexOf('%') + 1);
        Assert.Contains(table.Notes, note => note.Contains("weights of unknown values", StringComparison.Ordinal));
        Assert.Contains(table.Notes, note => note.Contains("RMS 1", StringComparison.Ordinal));
    }

    private static Layer Matrix(long rows, long columns, WeightDistribution law) =>
        new("W", LayerKind.Parameter, Location.None) { InFeatures = columns, OutFeatures = rows, Weight = GraphSketch.Draws(law) };

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private Moments Value(GraphNode node, GraphNode output) => SignalReport.Compute(_sketch.Graph(output))[node].Value!.Value;

    private NormalizationNode Normalize(NormalizationKind kind, GraphNode x) =>
        _sketch.Add(new NormalizationNode(kind, null, x, Location.None));

    private AffineNode Convolution(GraphNode x, long channels, long filters, long kernel, long stride, long padding, double std, long?[] shape)
    {
        var layer = new Layer("conv", LayerKind.Convolution, Location.None)
        {
            InFeatures = channels,
            OutFeatures = filters,
            Kernel = ImmutableArray.Create<long?>(kernel, kernel),
            Stride = ImmutableArray.Create<long?>(stride, stride),
            Padding = ImmutableArray.Create<long?>(padding, padding),
            HasBias = false,
            Weight = GraphSketch.Draws(new WeightDistribution.Normal(0, std)),
        };
        return _sketch.Add(new AffineNode(layer, x, Location.None) { Shape = TensorShape.Of(shape) });
    }
}
