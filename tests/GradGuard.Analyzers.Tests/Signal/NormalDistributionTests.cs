using GradGuard.Analyzers.Signal;

namespace GradGuard.Analyzers.Tests.Signal;

public class NormalDistributionTests
{
    // Reference values from tables of the normal law (Abramowitz and Stegun 1964, table 26.1 and 26.2).
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(-1.96, 0.024997895148220)]
    [InlineData(2.99, 0.998605113145040)]
    [InlineData(3.01, 0.998693761535)]
    [InlineData(-5, 2.866515718791939e-7)]
    [InlineData(-10, 7.619853024160526e-24)]
    public void CdfMatchesTables(double x, double expected) => Assert.Equal(1, NormalDistribution.Cdf(x) / expected, 1e-9);

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9999)]
    public void QuantileInvertsTheCdf(double probability) =>
        Assert.Equal(probability, NormalDistribution.Cdf(NormalDistribution.Quantile(probability)), 1e-9);

    [Fact]
    public void CdfIsContinuousWhereTheMethodsMeet() =>
        Assert.Equal(NormalDistribution.Cdf(2.9999999999), NormalDistribution.Cdf(3.0000000001), 1e-11);

    [Fact]
    public void CdfOfNotANumberIsNotANumber() => Assert.True(double.IsNaN(NormalDistribution.Cdf(double.NaN)));
}
