using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Tests.Signal;

/// <summary>The closed form against plain multilayer perceptrons, drawn, run and differentiated here.</summary>
public class MlpMonteCarloTests
{
    private const int Width = 200;
    private const int Depth = 5;
    private const int Samples = 30;
    private const int Runs = 12;

    [Theory]
    [InlineData(ActivationKind.Relu, 0.0, 0.1, 0.1)]
    [InlineData(ActivationKind.Tanh, 0.0, 0.2, 0.0)]
    [InlineData(ActivationKind.Sigmoid, 0.0, 0.3, 0.5)]
    [InlineData(ActivationKind.Gelu, 0.0, 0.08, 0.2)]
    [InlineData(ActivationKind.Tanh, 0.004, 0.05, 0.0)]
    internal void PreActivationsAndGradientsMatch(ActivationKind kind, double weightMean, double weightStd, double biasStd)
    {
        var sketch = new GraphSketch();
        GraphNode x = sketch.Input(Samples, Width);
        for (var i = 0; i < Depth; i++)
        {
            x = sketch.Linear(x, Width, Width, new WeightDistribution.Normal(weightMean, weightStd), new WeightDistribution.Normal(0, biasStd));
            x = sketch.Activation(kind, x);
        }
        var report = SignalReport.Compute(sketch.Graph(x));

        var function = ActivationFunction.Of(kind, null)!;
        var network = new DenseNetwork(Width, Depth, function.Evaluate, new Random());
        for (var run = 0; run < Runs; run++)
            network.Run(Samples, weightMean, weightStd, biasStd);

        // Relative variance of a mean square after L layers of n units: at most 5·L/n for one draw (Hanin and Nica 2020); four standard errors.
        var tolerance = 4 * Math.Sqrt(5.0 * Depth / Width / Runs);
        for (var layer = 0; layer < Depth; layer++)
        {
            var predicted = report.PreActivations[layer];
            Assert.Equal(1, network.PreActivationSquare(layer) / predicted.Value!.Value.Square, tolerance);
            Assert.Equal(0, (network.SharedSquare(layer) - predicted.Value!.Value.AcrossSamples) / predicted.Value!.Value.Square, tolerance);
            Assert.Equal(1, network.GradientSquare(layer) / predicted.Gradient!.Value.Square, tolerance);
        }
    }
}
