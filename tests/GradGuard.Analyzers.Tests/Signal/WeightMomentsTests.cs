using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;

namespace GradGuard.Analyzers.Tests.Signal;

public class WeightMomentsTests
{
    private const double FanIn = 300;
    private const double FanOut = 100;

    public static TheoryData<string, double, double> Laws => new()
    {
        { "constant", 0.3, 0 },
        { "normal", -0.1, 0.02 },
        { "uniform", 0.5, 1 / Math.Sqrt(12) },
        { "xavier", 0, 2 * Math.Sqrt(2 / (FanIn + FanOut)) },
        { "kaiming", 0, Math.Sqrt(2 / FanIn) },
        { "kaiming fan-out", 0, Math.Sqrt(2 / FanOut) },
        { "orthogonal", 0, 1.5 / Math.Sqrt(FanIn) },
        { "sparse", 0, 0.2 * Math.Sqrt(0.1) },
        { "layer default", 0, 1 / Math.Sqrt(3 * FanIn) },
        { "randn times ten", 0, 10 },
        { "negative factor", -1, 1 },
    };

    private static WeightDistribution Law(string name) => name switch
    {
        "constant" => new WeightDistribution.Constant(0.3),
        "normal" => new WeightDistribution.Normal(-0.1, 0.02),
        "uniform" => new WeightDistribution.Uniform(0, 1),
        "xavier" => new WeightDistribution.Xavier(2, IsUniform: true),
        "kaiming" => new WeightDistribution.Kaiming(Math.Sqrt(2), FanOut: false, IsUniform: true),
        "kaiming fan-out" => new WeightDistribution.Kaiming(Math.Sqrt(2), FanOut: true, IsUniform: false),
        "orthogonal" => new WeightDistribution.Orthogonal(1.5),
        "sparse" => new WeightDistribution.Sparse(0.9, 0.2),
        "layer default" => new WeightDistribution.FanInUniform(1),
        "randn times ten" => new WeightDistribution.Scaled(new WeightDistribution.Normal(0, 1), 10),
        "negative factor" => new WeightDistribution.Scaled(new WeightDistribution.Normal(0.5, 0.5), -2),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    [Theory]
    [MemberData(nameof(Laws))]
    public void EachLawHasTheMomentsOfItsDefinition(string law, double mean, double std)
    {
        var moments = WeightMoments.Of(Law(law), FanIn, FanOut);

        Assert.NotNull(moments);
        Assert.Equal(mean, moments.Value.Mean, 1e-12);
        Assert.Equal(std, moments.Value.Std, 1e-12);
    }

    [Theory]
    [InlineData(0, 1, -2, 2)]
    [InlineData(0, 1, 0, 10)]
    [InlineData(0.5, 0.2, 0.4, 0.9)]
    public void TruncatedNormalMatchesItsIntegral(double mean, double std, double low, double high)
    {
        var (mass, first, second) = (0.0, 0.0, 0.0);
        const int Cells = 400_000;
        for (var i = 0; i < Cells; i++)
        {
            var x = low + ((high - low) * (i + 0.5) / Cells);
            var density = NormalDistribution.Density((x - mean) / std);
            mass += density;
            first += density * x;
            second += density * x * x;
        }

        var moments = WeightMoments.Of(new WeightDistribution.TruncatedNormal(mean, std, low, high), null, null);

        Assert.NotNull(moments);
        Assert.Equal(first / mass, moments.Value.Mean, 1e-8);
        Assert.Equal(Math.Sqrt((second / mass) - Math.Pow(first / mass, 2)), moments.Value.Std, 1e-8);
    }

    [Fact]
    public void AnUnknownFanLeavesFanDependentLawsUnknown()
    {
        Assert.Null(WeightMoments.Of(new WeightDistribution.Xavier(1, IsUniform: true), null, FanOut));
        Assert.Null(WeightMoments.Of(new WeightDistribution.Kaiming(1, FanOut: false, IsUniform: true), null, FanOut));
        Assert.Null(WeightMoments.Of(new WeightDistribution.FanInUniform(1), null, FanOut));
        Assert.Null(WeightMoments.Of(new WeightDistribution.Orthogonal(1), FanIn, null));
        Assert.NotNull(WeightMoments.Of(new WeightDistribution.Normal(0, 1), null, null));
    }

    [Fact]
    public void AnUnknownLawStaysUnknownWhenScaled() =>
        Assert.Null(WeightMoments.Of(new WeightDistribution.Scaled(WeightDistribution.Unknown.Instance, 2), FanIn, FanOut));

    [Fact]
    public void ATruncationThatLeavesNoMassIsUnknown() =>
        Assert.Null(WeightMoments.Of(new WeightDistribution.TruncatedNormal(0, 1, 50, 60), FanIn, FanOut));
}
