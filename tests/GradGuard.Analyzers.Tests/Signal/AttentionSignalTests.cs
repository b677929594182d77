using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Signal;

/// <summary>Attention, transformer blocks, means over positions and bilinear layers, against drawn values and values worked out by hand.</summary>
public class AttentionSignalTests
{
    private const int Positions = 24;
    private const int Width = 32;

    private readonly GraphSketch _sketch = new();
    private readonly Random _random = new();

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void AttentionMeansItsValuesAsDrawnOnesDo(double std)
    {
        var (query, key, value) = (Tokens(), Tokens(), Tokens());
        var scaled = _sketch.Add(new ScaleNode(query, std, 0, Location.None) { Shape = query.Shape });
        var y = _sketch.Add(new AttentionNode(null, Location.None, scaled, key, value));

        var squares = Enumerable.Range(0, 400).Average(_ =>
        {
            var (q, keys) = (Draw(Width), Enumerable.Range(0, Positions).Select(_ => Draw(Width)).ToArray());
            var weights = keys.Select(k => Math.Exp(std * q.Zip(k, (a, b) => a * b).Sum() / Math.Sqrt(Width))).ToArray();
            return weights.Sum(w => w * w) / Math.Pow(weights.Sum(), 2);
        });
        Assert.Equal(1, Report(y)[y].Value!.Value.Square / squares, 0.15);
    }

    [Fact]
    public void PositionsOfASequenceBecomeAlikeAndSamplesDoNot()
    {
        var y = _sketch.Add(new AttentionNode(null, Location.None, Tokens(), Tokens(), Tokens()));
        var value = Report(y)[y].Value!.Value;

        Assert.Equal(1.0 / Positions, value.AcrossPositions, 1e-12);
        Assert.Equal(0, value.AcrossSamples);
    }

    [Fact]
    public void AHeadStartsAsTheLibraryDrawsIt()
    {
        var x = _sketch.Input(Positions, 8, Width);
        var attention = SelfAttention(x, _sketch.Add);

        // Projections halve the square (Xavier over [3E, E]) and the output divides it by three, so scores have variance 1/4.
        var weights = Report(attention)[attention].Value!.Value.Square * 6;
        Assert.InRange(weights, Math.Exp(0.2) / Positions, Math.Exp(0.26) / Positions);
    }

    [Fact]
    public void AttentionWrittenByHandIsThatOfTheLibrary()
    {
        var law = new WeightDistribution.Normal(0, 1 / Math.Sqrt(Width));
        (double Value, double Gradient) Follow(Func<GraphSketch, AffineNode, AffineNode, AffineNode, GraphNode> attend)
        {
            var sketch = new GraphSketch();
            var x = sketch.Input(8, Positions, Width);
            AffineNode Project() => sketch.Add(new AffineNode(GraphSketch.LinearLayer("p", Width, Width, law), x, Location.None) { Shape = x.Shape });
            var y = attend(sketch, Project(), Project(), Project());
            var report = SignalReport.Compute(sketch.Graph(y));
            return (report[y].Value!.Value.Rms, report[x].GradientRms!.Value);
        }

        var library = Follow((sketch, q, k, v) => sketch.Add(new AttentionNode(null, Location.None, q, k, v)));
        var written = Follow((sketch, q, k, v) =>
        {
            var square = TensorShape.Of(8, Positions, Positions);
            var transposed = sketch.Add(new ReshapeNode(k, Location.None) { IsTranspose = true, Shape = TensorShape.Of(8, Width, Positions) });
            var scores = sketch.Add(new ProductNode(q, transposed, Width, Location.None) { IsBetweenActivations = true, Shape = square });
            var scaled = sketch.Add(new ScaleNode(scores, 1 / Math.Sqrt(Width), 0, Location.None) { Shape = square });
            var weights = sketch.Add(new ActivationNode(ActivationKind.Softmax, scaled, Location.None) { Dimension = -1, Shape = square });
            return sketch.Add(new ProductNode(weights, v, Positions, Location.None) { IsBetweenActivations = true, Shape = q.Shape });
        });

        Assert.Equal(library.Value, written.Value, 0.01 * library.Value);
        Assert.Equal(library.Gradient, written.Gradient, 0.05 * library.Gradient);
    }

    [Fact]
    public void AttentionOverASequenceOfUnknownLengthIsUnknown()
    {
        var y = _sketch.Add(new AttentionNode(null, Location.None, _sketch.Input(8, null, Width), _sketch.Input(8, null, Width), _sketch.Input(8, null, Width)));

        Assert.Null(Report(y)[y].Value);
    }

    [Fact]
    public void AttentionUnderAMaskIsUnknown()
    {
        var y = _sketch.Add(new AttentionNode(null, Location.None, Tokens(), Tokens(), Tokens()) { IsMasked = true });

        Assert.Null(Report(y)[y].Value);
    }

    [Fact]
    public void AValueThatAttendsToItselfWithoutProjectionsIsUnknown()
    {
        var x = Tokens();
        var y = _sketch.Add(new AttentionNode(null, Location.None, x, x, x));

        Assert.Contains("one value", Report(y)[y].UnknownBecause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AnEncoderEndsInANormalizationAndPassesAGradientBack(int depth)
    {
        var (x, y) = Encoder(depth, hidden: 64);
        var report = Report(y);

        Assert.Equal(1, report[y].Value!.Value.Rms, 1e-4);
        Assert.InRange(report[x].GradientRms!.Value, 0.3, 3);
    }

    [Fact]
    public void AnEncoderOfUnknownInnerWidthIsUnknown()
    {
        var (_, y) = Encoder(depth: 1, hidden: null);

        Assert.Null(Report(y)[y].Value);
    }

    [Fact]
    public void AMeanOverPositionsGivesAllOfThemOneGradient()
    {
        var x = Tokens();
        var y = _sketch.Add(new ReductionNode(ReductionKind.Mean, x, Location.None) { Count = Positions, Dimension = 1, Shape = TensorShape.Of(8, Width) });
        var report = Report(y);
        var gradient = report[x].Gradient!.Value;

        Assert.Equal(1.0 / Positions, report[y].Value!.Value.Square, 1e-12);
        Assert.Equal(1.0 / Positions / Positions, gradient.Square, 1e-12);
        Assert.Equal(gradient.Square, gradient.AcrossPositions, 1e-12);
        Assert.Equal(0, gradient.AcrossSamples);
    }

    [Theory]
    [InlineData(0, 5.0)]
    [InlineData(1, 10.0)]
    public void ASumAddsTheSquaresOfIndependentValues(int dimension, double count)
    {
        var x = _sketch.Input(5, 10);
        var y = _sketch.Add(new ReductionNode(ReductionKind.Sum, x, Location.None) { Count = count, Dimension = dimension });

        Assert.Equal(count, Report(y)[y].Value!.Value.Square, 1e-9);
        Assert.Equal(1, Report(y)[x].GradientRms!.Value, 1e-9);
    }

    [Fact]
    public void AMeanOverAnUnknownNumberOfPositionsIsUnknown()
    {
        var y = _sketch.Add(new ReductionNode(ReductionKind.Mean, _sketch.Input(8, null, 4), Location.None) { Dimension = 1 });

        Assert.Null(Report(y)[y].Value);
    }

    [Fact]
    public void ABilinearLayerSumsOverAllPairsOfItsInputs()
    {
        var (a, b) = (_sketch.Input(8, 10), _sketch.Input(8, 20));
        var layer = new Layer("bilinear", LayerKind.Bilinear, Location.None)
        {
            InFeatures = 10,
            SecondInFeatures = 20,
            OutFeatures = 30,
            HasBias = false,
            Weight = GraphSketch.Draws(new WeightDistribution.FanInUniform(1)),
        };
        var y = _sketch.Add(new AffineNode(layer, Location.None, a, b));
        var report = Report(y);

        // The library's bound is 1/√10, a variance of 1/30.
        Assert.Equal(10 * 20 / 30.0, report[y].Value!.Value.Square, 1e-9);
        Assert.Equal(20 * 30 / 30.0, report[a].Gradient!.Value.Square, 1e-9);
        Assert.Equal(10 * 30 / 30.0, report[b].Gradient!.Value.Square, 1e-9);
    }

    private static AttentionNode SelfAttention(GraphNode x, Func<AttentionNode, AttentionNode> add)
    {
        var layer = new Layer("mha", LayerKind.Attention, Location.None)
        {
            InFeatures = Width,
            OutFeatures = Width,
            Groups = 4,
            Weight = new(new WeightDistribution.Xavier(1, IsUniform: true), Location.None, IsDefault: true),
        };
        return add(new AttentionNode(layer, Location.None, x, x, x) { Shape = x.Shape });
    }

    private (GraphNode Input, GraphNode Output) Encoder(int depth, long? hidden)
    {
        var x = _sketch.Input(Positions, 8, Width);
        var layer = new Layer("encoder", LayerKind.TransformerEncoder, Location.None)
        {
            InFeatures = Width,
            OutFeatures = Width,
            Groups = 4,
            Depth = depth,
            FeedForward = hidden,
            FeedForwardActivation = ActivationKind.Relu,
            Dropout = 0.1,
            Weight = new(new WeightDistribution.FanInUniform(1), Location.None, IsDefault: true),
        };
        return (x, _sketch.Add(new AttentionNode(layer, Location.None, x) { Shape = x.Shape }));
    }

    private InputNode Tokens() => _sketch.Input(8, Positions, Width);

    private SignalReport Report(GraphNode output) => SignalReport.Compute(_sketch.Graph(output));

    private double[] Draw(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()))];
}
