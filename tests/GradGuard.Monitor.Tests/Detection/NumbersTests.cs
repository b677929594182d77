using System.Globalization;
using GradGuard.Monitor.Detection;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>How messages write numbers.</summary>
public sealed class NumbersTests
{
    [Theory]
    [InlineData(34_123, "34,000")]
    [InlineData(1_449, "1,400")]
    [InlineData(100, "100")]
    [InlineData(28.4, "28")]
    [InlineData(1.449, "1.4")]
    [InlineData(0.0357, "0.036")]
    [InlineData(0.00014, "0.00014")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(0, "0")]
    [InlineData(0.0000314, "3.1e-5")]
    [InlineData(2.35e9, "2.4e9")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void AMagnitudeHasTwoDigitsInPlainNotationWherePossible(double value, string written)
        => Assert.Equal(written, Numbers.Short(value));

    [Fact]
    public void ACultureWithDecimalCommasChangesNothing()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Equal(("1.4", "34,000", "57%"), (Numbers.Short(1.4), Numbers.Short(34_000), Numbers.Percent(0.57)));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void AnAlertAndItsAdviceReadAsTwoSentencesOnOneLine()
    {
        var alert = new Alert("GG9004", AlertSeverity.Warning, "fc1", 19, "35 of 64 units are dead", "Start the layer anew.", new Dictionary<string, double>());
        Assert.Equal("GG9004 Warning at fc1, step 19: 35 of 64 units are dead. Start the layer anew.", $"{alert} {alert.Advice}");
    }
}
