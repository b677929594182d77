namespace GradGuard.Analyzers.Signal;

/// <summary>The standard normal law.</summary>
internal static class NormalDistribution
{
    private static readonly double RootTwoPi = Math.Sqrt(2 * Math.PI);

    public static double Density(double x) => Math.Exp(-0.5 * x * x) / RootTwoPi;

    /// <summary>
    /// P(X ≤ x), relative error below 1e-12: the Taylor series of the integral near 0, the continued fraction of Mills' ratio in the tails
    /// (Abramowitz and Stegun 1964, 26.2.11 and 26.2.14).
    /// </summary>
    public static double Cdf(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (Math.Abs(x) > 39)
            return x < 0 ? 0 : 1;
        if (Math.Abs(x) < 3)
            return 0.5 + (Density(x) * CentralSeries(x));
        var tail = Density(x) * MillsRatio(Math.Abs(x));
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>The x with P(X ≤ x) = <paramref name="probability"/>, by bisection; 0 &lt; probability &lt; 1.</summary>
    public static double Quantile(double probability)
    {
        var (low, high) = (-39.0, 39.0);
        while (high - low > 1e-10)
        {
            var middle = 0.5 * (low + high);
            if (Cdf(middle) < probability)
                low = middle;
            else
                high = middle;
        }
        return 0.5 * (low + high);
    }

    private static double CentralSeries(double x)
    {
        var (term, sum) = (x, x);
        for (var k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2)
        {
            term *= x * x / k;
            sum += term;
        }
        return sum;
    }

    private static double MillsRatio(double x)
    {
        var fraction = x;
        for (var k = 60; k >= 1; k--)
            fraction = x + (k / fraction);
        return 1 / fraction;
    }
}
