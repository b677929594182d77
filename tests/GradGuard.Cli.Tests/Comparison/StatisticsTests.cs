using GradGuard.Cli.Comparison;

namespace GradGuard.Cli.Tests.Comparison;

/// <summary>The numbers behind a verdict, against published tables and simulation.</summary>
public class StatisticsTests
{
    /// <summary>Quantiles of Student's distribution as printed in tables.</summary>
    [Theory]
    [InlineData(6.313752, 1, 0.05)]
    [InlineData(31.820516, 1, 0.01)]
    [InlineData(2.919986, 2, 0.05)]
    [InlineData(4.540703, 3, 0.01)]
    [InlineData(5.893430, 5, 0.001)]
    [InlineData(1.812461, 10, 0.05)]
    [InlineData(3.385185, 30, 0.001)]
    [InlineData(2.042272, 30, 0.025)]
    public void StudentsTail_IsThatOfTables(double t, double degrees, double tail)
    {
        Assert.Equal(tail, StudentT.UpperTail(t, degrees), tail * 1e-3);
        Assert.Equal(1 - tail, StudentT.UpperTail(-t, degrees), 1e-5);
    }

    [Fact]
    public void StudentsTail_OfOneDegree_IsCauchys_HoweverFarOut()
    {
        foreach (var t in new[] { 0, 0.1, 1, 10, 1e3, 1e6, 1e12 })
            Assert.Equal(Math.Atan2(1, t) / Math.PI, StudentT.UpperTail(t, 1), 1e-12 + (1e-6 * Math.Atan2(1, t)));
        Assert.Equal(0, StudentT.UpperTail(double.PositiveInfinity, 3));
        Assert.Equal(1, StudentT.UpperTail(double.NegativeInfinity, 3));
    }

    /// <summary>The example in Benjamini and Hochberg (1995), section 3: of these 15 p-values four are called at 0.05.</summary>
    [Fact]
    public void FalseDiscoveries_AreThoseOfThePaper()
    {
        double[] paper = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];

        var adjusted = FalseDiscoveries.Adjust([.. paper.Reverse()]).Reverse().ToList();

        Assert.Equal(4, adjusted.Count(value => value <= 0.05));
        Assert.Equal(0.0015, adjusted[0], 1e-12);
        Assert.Equal(adjusted.Order(), adjusted);
        Assert.Empty(FalseDiscoveries.Adjust([]));
    }

    [Theory]
    [InlineData(0.0, 20)]
    [InlineData(0.6, 60)]
    [InlineData(0.9, 400)]
    public void TheErrorOfAMean_IsHonestForAutocorrelatedSeries(double memory, int length)
    {
        const int Trials = 2000;
        var random = new Random(8);
        var tooSure = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var estimate = SerialNoise.MeanOf(Series(random, memory, length));
            if (StudentT.UpperTail(Math.Abs(estimate.Difference) / estimate.Error, estimate.Degrees) < 0.025)
                tooSure++;
        }

        Assert.InRange((double)tooSure / Trials, 0.01, 0.09);
    }

    [Fact]
    public void ADriftThatIsCertain_IsNoNoise()
    {
        var random = new Random(3);
        var flat = SerialNoise.MeanOf([.. Series(random, 0, 60).Select(value => 0.1 * value)]);
        var drifting = SerialNoise.MeanOf([.. Series(random, 0, 60).Select((value, index) => (0.1 * value) + index)]);

        Assert.Equal(29.5, drifting.Difference, 0.2);
        Assert.InRange(drifting.Error / flat.Error, 0.3, 3);
    }

    [Fact]
    public void ADifferenceWithoutNoise_IsJudgedByItsSize()
    {
        var estimate = SerialNoise.MeanOf([2, 2, 2, 2, 2, 2]);

        Assert.Equal((0, 1), (estimate.PValue(1.9, eitherWay: false), estimate.PValue(2.1, eitherWay: false)));
        Assert.Equal(1, new Estimate(-2, 0, 3).PValue(1, eitherWay: false));
        Assert.Equal(0, new Estimate(-2, 0, 3).PValue(1, eitherWay: true));
    }

    [Fact]
    public void AReadingBetweenTwo_LiesOnTheLine_AndNoneOutside()
    {
        var series = new Series([new(10, 1), new(20, 3)]);

        Assert.Equal((1, 2, 3), (series.At(10), series.At(15), series.At(20)));
        Assert.Equal((double.NaN, double.NaN), (series.At(9), series.At(21)));
    }

    private static List<double> Series(Random random, double memory, int length)
    {
        var values = new List<double>();
        var value = Normal(random);
        for (var index = 0; index < length; index++)
        {
            values.Add(value);
            value = (memory * value) + (Math.Sqrt(1 - (memory * memory)) * Normal(random));
        }

        return values;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
