using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Tests.Signal;

/// <summary>Moments through each activation, against brute-force integration over a fine grid.</summary>
public class GaussianTransformTests
{
    private const double Alpha = 0.7;

    public static TheoryData<string, double, double> Cases
    {
        get
        {
            var data = new TheoryData<string, double, double>();
            string[] pointwise = [.. Enum.GetNames<ActivationKind>().Where(name => Function(name) is not null)];
            foreach (var kind in pointwise)
            {
                data.Add(kind, 0, 1);
                data.Add(kind, -1.3, 0.4);
                data.Add(kind, 0.8, 25);
            }
            return data;
        }
    }

    private static ActivationFunction? Function(string kind) => ActivationFunction.Of(Enum.Parse<ActivationKind>(kind), Alpha);

    [Theory]
    [MemberData(nameof(Cases))]
    public void MomentsMatchNumericIntegration(string kind, double mean, double std)
    {
        var function = Function(kind)!;
        var (first, second, slope) = (0.0, 0.0, 0.0);
        const double Step = 1e-4;
        for (var u = -8.5 + (Step / 2); u < 8.5; u += Step)
        {
            var weight = NormalDistribution.Density(u) * Step;
            var point = function.Evaluate(mean + (std * u));
            first += weight * point.Value;
            second += weight * point.Value * point.Value;
            slope += weight * point.Slope * point.Slope;
        }

        var transform = Transform(function, Moments.Independent(mean, std * std));

        // The midpoint rule is off by about one step's mass where a derivative jumps.
        Assert.Equal(first, transform.Result.Mean, 1e-4 * Math.Max(1, std));
        Assert.Equal(1, transform.Result.Square / second, 1e-4);
        Assert.Equal(slope, transform.SlopeSquare, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheSlopeIsTheDerivative(string kind, double mean, double std)
    {
        var function = Function(kind)!;
        const double Step = 1e-5;
        foreach (var x in new[] { mean - (std / 3), mean + 0.05, mean + (std / 7) })
        {
            var difference = (function.Evaluate(x + Step).Value - function.Evaluate(x - Step).Value) / (2 * Step);
            Assert.Equal(difference, function.Evaluate(x).Slope, 1e-5);
        }
    }

    // Arc-cosine kernels (Cho and Saul 2009): E[relu relu] = s²(sin θ + (π − θ)cos θ)/2π, E[relu′ relu′] = (π − θ)/2π, cos θ = ρ.
    [Theory]
    [InlineData(-0.9)]
    [InlineData(-0.2)]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(1)]
    public void ReluTwoPointMomentsMatchTheArcCosineKernels(double correlation)
    {
        const double Variance = 2.5;
        var source = new Moments(0, Variance, Variance * correlation, 0, 0);

        var transform = Transform(Function(nameof(ActivationKind.Relu))!, source);
        var gradient = transform.Backward(new(0, 1, 1, 0, 0));

        var angle = Math.Acos(correlation);
        Assert.Equal(Variance * (Math.Sin(angle) + ((Math.PI - angle) * correlation)) / (2 * Math.PI), transform.Result.AcrossSamples, 2e-4);
        Assert.Equal((Math.PI - angle) / (2 * Math.PI), gradient.AcrossSamples, 2e-2);
        Assert.Equal(0.5, gradient.Square, 1e-9);
    }

    [Fact]
    public void ErfLikeSigmoidOfAHugeSpreadIsAFairCoin()
    {
        var transform = Transform(Function(nameof(ActivationKind.Sigmoid))!, Moments.Independent(0, 1e8));

        Assert.Equal(0.5, transform.Result.Mean, 1e-9);
        Assert.Equal(0.5, transform.Result.Square, 1e-3);
        // ∫σ′(z)²dz = 1/6, at density 1/(s√2π).
        Assert.Equal(1, transform.SlopeSquare * 6e4 * Math.Sqrt(2 * Math.PI), 1e-3);
    }

    [Fact]
    public void AConstantIsMappedToAConstant()
    {
        var transform = Transform(Function(nameof(ActivationKind.Tanh))!, new(0.5, 0.25, 0.25, 0.25, 0.25));

        var expected = Math.Tanh(0.5);
        Assert.Equal(expected, transform.Result.Mean, 1e-12);
        Assert.Equal(0, transform.Result.Variance, 1e-12);
        Assert.Equal(expected * expected, transform.Result.AcrossBoth, 1e-12);
        Assert.Equal(Math.Pow(1 - (expected * expected), 2), transform.SlopeSquare, 1e-12);
    }

    private static GaussianTransform Transform(ActivationFunction function, Moments source) =>
        GaussianTransform.Of(PointwiseFunction.Identity.Then(function.Evaluate, function.Breakpoints), source);
}
