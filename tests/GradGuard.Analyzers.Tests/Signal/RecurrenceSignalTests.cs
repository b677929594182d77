using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Signal;

public class RecurrenceSignalTests
{
    private readonly GraphSketch _sketch = new();

    [Fact]
    public void AReluRecurrenceWithStandardNormalWeightsHasTheRadiusOfTheCircularLaw()
    {
        var loop = Loop(width: 5, steps: 50, new WeightDistribution.Normal(0, 1), ActivationKind.Relu);
        var recurrence = SignalReport.Compute(_sketch.Graph(loop))[loop].Recurrence!;

        Assert.Equal(Math.Sqrt(5), recurrence.SpectralRadius!.Value, 1e-9);

        // A rectifier passes half of the mean square: √(5/2) a step.
        Assert.Equal(Math.Sqrt(2.5), recurrence.GradientGainPerStep!.Value, 1e-6);
        Assert.Equal(1, recurrence.GradientFactor!.Value / Math.Pow(2.5, 24.5), 1e-6);
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(1.0, true)]
    public void OrthogonalWeightsHaveTheirGainAsRadius(double gain, bool keepsTheGradient)
    {
        var loop = Loop(width: 64, steps: 20, new WeightDistribution.Orthogonal(gain), activation: null);
        var recurrence = SignalReport.Compute(_sketch.Graph(loop))[loop].Recurrence!;

        Assert.Equal(gain, recurrence.SpectralRadius);
        Assert.Equal(keepsTheGradient ? 1 : Math.Pow(gain, 19), recurrence.GradientFactor!.Value, 1e-9);
    }

    [Fact]
    public void TheGradientGoesBackThroughEveryIteration()
    {
        var loop = Loop(width: 64, steps: 10, new WeightDistribution.Orthogonal(0.5), activation: null);
        var start = loop.Carried.Input;

        Assert.Equal(Math.Pow(0.5, 10), SignalReport.Compute(_sketch.Graph(loop))[start].GradientRms!.Value, 1e-12);
    }

    [Fact]
    public void ALoopOfUnknownLengthThatGrowsHasNoKnownValue()
    {
        var loop = Loop(width: 64, steps: null, new WeightDistribution.Orthogonal(2), activation: null);
        var signal = SignalReport.Compute(_sketch.Graph(loop))[loop];

        Assert.Null(signal.Value);
        Assert.Null(signal.Recurrence!.GradientFactor);
        Assert.Equal(2, signal.Recurrence.GradientGainPerStep!.Value, 1e-9);
    }

    [Fact]
    public void ATanhRecurrenceMatchesADrawnNetwork()
    {
        const int Width = 150;
        const int Steps = 12;
        const double Std = 0.12;
        var loop = Loop(Width, Steps, new WeightDistribution.Normal(0, Std), ActivationKind.Tanh);
        var predicted = SignalReport.Compute(_sketch.Graph(loop))[loop].Value!.Value.Square;

        var random = new Random();
        const int Runs = 20;
        var measured = Enumerable.Range(0, Runs).Average(_ =>
        {
            var weights = Enumerable.Range(0, Width).Select(_ => Vector(Width, random, Std)).ToArray();
            var state = Vector(Width, random, 1);
            for (var t = 0; t < Steps; t++)
                state = [.. weights.Select(row => Math.Tanh(row.Zip(state, (w, h) => w * h).Sum()))];
            return state.Average(h => h * h);
        });

        // One matrix is used at every step, while the theory draws it anew: right to within a few times 1/√(Width·Runs) and that effect.
        Assert.Equal(1, measured / predicted, 0.1);
    }

    [Theory]
    [InlineData(LayerKind.Rnn)]
    [InlineData(LayerKind.Lstm)]
    [InlineData(LayerKind.Gru)]
    internal void DefaultRecurrentLayersForgetOverFiftySteps(LayerKind kind)
    {
        var layer = RecurrentLayer(kind, steps: 50, new WeightDistribution.FanInUniform(1));
        var recurrence = SignalReport.Compute(_sketch.Graph(layer))[layer].Recurrence!;

        Assert.InRange(recurrence.GradientGainPerStep!.Value, 0.3, 0.8);
        Assert.True(recurrence.GradientFactor < 1e-4);
        Assert.Equal(1 / Math.Sqrt(3), recurrence.SpectralRadius!.Value, 1e-9);
    }

    [Fact]
    public void AnOrthogonalTanhLayerKeepsMoreOfTheGradientThanADefaultOne()
    {
        var plain = RecurrentLayer(LayerKind.Rnn, steps: 30, new WeightDistribution.FanInUniform(1));
        var orthogonal = RecurrentLayer(LayerKind.Rnn, steps: 30, new WeightDistribution.Orthogonal(1));
        var report = SignalReport.Compute(_sketch.Graph(plain, orthogonal));

        Assert.True(report[orthogonal].Recurrence!.GradientFactor > 10 * report[plain].Recurrence!.GradientFactor);
    }

    [Theory]
    [InlineData(LayerKind.Rnn, LayerKind.RnnCell)]
    [InlineData(LayerKind.Gru, LayerKind.GruCell)]
    internal void ACellInALoopTreatsTheGradientLikeTheFusedLayer(LayerKind kind, LayerKind cellKind)
    {
        var law = new WeightDistribution.Normal(0, 0.2);
        var fused = RecurrentLayer(kind, steps: 30, law);
        var zeros = GraphSketch.LinearLayer("h0", 64, 64, new WeightDistribution.Constant(0));
        var carried = _sketch.Add(new CarriedNode(_sketch.Add(new TensorNode(zeros, isParameter: false, Location.None)), Location.None));
        var body = _sketch.Add(new RecurrentLayerNode(RecurrentLayer(cellKind, steps: 1, law).Layer, Location.None, _sketch.Input(16, 32), carried) { Steps = 1 });
        var loop = _sketch.Add(new RecurrenceNode(carried, body, 30, Location.None));
        var report = SignalReport.Compute(_sketch.Graph(fused, loop));

        Assert.Equal(report[fused].Recurrence!.SpectralRadius!.Value, report[loop].Recurrence!.SpectralRadius!.Value, 1e-9);
        Assert.Equal(1, report[loop].Recurrence!.GradientGainPerStep!.Value / report[fused].Recurrence!.GradientGainPerStep!.Value, 0.1);
    }

    [Fact]
    public void ALayerOfUnknownLengthKnowsItsGainPerStepButNotItsGradient()
    {
        var layer = RecurrentLayer(LayerKind.Rnn, steps: null, new WeightDistribution.FanInUniform(1));
        var report = SignalReport.Compute(_sketch.Graph(layer));

        Assert.NotNull(report[layer].Value);
        Assert.NotNull(report[layer].Recurrence!.GradientGainPerStep);
        Assert.Null(report[layer].Recurrence!.GradientFactor);
        Assert.Null(report[layer.Input].GradientRms);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AnLstmsGradientReachesTheMemoryItStartsFromThroughItsForgetGates(int steps)
    {
        var layer = RecurrentLayer(LayerKind.Lstm, steps, new WeightDistribution.Normal(0, 0.001)).Layer;
        var (hidden, memory) = (_sketch.Input(16, 64), _sketch.Input(16, 64));
        var lstm = _sketch.Add(new RecurrentLayerNode(layer, Location.None, _sketch.Input(16, steps, 32), hidden, memory) { Steps = steps });
        var report = SignalReport.Compute(_sketch.Graph(_sketch.Add(new TupleItemNode(2, lstm, Location.None))));

        // Gates see 32 inputs and two biases of variance 1/(3·64): E[σ(z)²] is close to 1/4 + Var(z)/16, once for each step.
        var gate = 0.25 + (34.0 / 192 / 16);
        Assert.Equal(1, report[memory].GradientRms!.Value / Math.Pow(gate, 0.5 * steps), 0.02);
        Assert.InRange(report[hidden].GradientRms!.Value, 1e-6, 0.1 * report[memory].GradientRms!.Value);
    }

    [Fact]
    public void ALayerOfUnknownWidthIsUnknown()
    {
        var layer = RecurrentLayer(LayerKind.Lstm, steps: 5, new WeightDistribution.FanInUniform(1), hidden: null);

        Assert.Null(SignalReport.Compute(_sketch.Graph(layer))[layer].Value);
    }

    [Theory]
    [InlineData(1.0, 25.0, 25.0)]
    [InlineData(0.0, 1.0, 5.0)]
    public void AMeanAddsAnEigenvalueOfItsOwn(double mean, double std, double radius) =>
        Assert.Equal(Math.Max(radius, 5 * std), SpectralRadius.Of(new WeightDistribution.Normal(mean, std), 25)!.Value, 1e-9);

    private static double[] Vector(int length, Random random, double std) => [.. Enumerable.Range(0, length).Select(_ =>
        std * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];

    private RecurrenceNode Loop(long width, long? steps, WeightDistribution law, ActivationKind? activation)
    {
        var layer = new Layer("Whh", LayerKind.Parameter, Location.None) { InFeatures = width, OutFeatures = width, Weight = GraphSketch.Draws(law) };
        var weights = _sketch.Add(new TensorNode(layer, isParameter: true, Location.None));
        var carried = _sketch.Add(new CarriedNode(_sketch.Input(64, width), Location.None));
        GraphNode body = _sketch.Add(new ProductNode(carried, weights, width, Location.None));
        if (activation is { } kind)
            body = _sketch.Activation(kind, body);
        return _sketch.Add(new RecurrenceNode(carried, body, steps, Location.None));
    }

    private RecurrentLayerNode RecurrentLayer(LayerKind kind, long? steps, WeightDistribution recurrent, long? hidden = 64)
    {
        var layer = new Layer("rnn", kind, Location.None)
        {
            InFeatures = 32,
            OutFeatures = hidden,
            Weight = GraphSketch.Draws(new WeightDistribution.FanInUniform(1)),
            RecurrentWeight = GraphSketch.Draws(recurrent),
            Bias = GraphSketch.Draws(new WeightDistribution.FanInUniform(1)),
        };
        return _sketch.Add(new RecurrentLayerNode(layer, _sketch.Input(16, steps, 32), Location.None) { Steps = steps });
    }
}
