using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Tests.Signal;

public class RecommendedInitializationTests
{
    [Theory]
    [InlineData(ActivationKind.Relu)]
    [InlineData(ActivationKind.LeakyRelu)]
    [InlineData(ActivationKind.Selu)]
    internal void TheAdvisedScaleKeepsTheGradientOfADeepStack(ActivationKind kind)
    {
        var advice = RecommendedInitialization.For(kind, 0.2, 128, 128);
        var sketch = new GraphSketch();
        GraphNode x = sketch.Input();
        for (var i = 0; i < 15; i++)
            x = sketch.Activation(kind, sketch.Linear(x, 128, 128, new WeightDistribution.Normal(0, advice.Std)), 0.2);

        Assert.InRange(SignalReport.Compute(sketch.Graph(x)).GradientRatio!.Value, 0.5, 3);
    }

    [Theory]
    [InlineData(ActivationKind.Sigmoid)]
    [InlineData(ActivationKind.Tanh)]
    [InlineData(null)]
    internal void SaturatingActivationsGetXavier(ActivationKind? kind) =>
        Assert.Equal("xavier_uniform_", RecommendedInitialization.For(kind, null, 100, 50).Initializer);

    [Fact]
    public void XavierTakesBothFansIntoAccount() =>
        Assert.Equal(Math.Sqrt(2.0 / 150), RecommendedInitialization.For(ActivationKind.Sigmoid, null, 100, 50).Std, 1e-12);
}
