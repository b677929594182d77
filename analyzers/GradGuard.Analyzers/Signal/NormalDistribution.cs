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

    /// <summary>
    /// The x with P(X ≤ x) = <paramref name="probability"/>, by Newton's method within a bracket that halves where a step would leave it; 0 &lt; probability &lt; 1.
    /// </summary>
    public static double Quantile(double probability)
    {
        var (low, high, x) = (-39.0, 39.0, 0.0);
        while (high - low > 1e-10)
        {
            var excess = Cdf(x) - probability;
            (low, high) = excess < 0 ? (x, high) : (low, x);
            var next = x - (excess / Density(x));
            if (Math.Abs(next - x) < 1e-10)
                return next;
            x = next > low && next < high ? next : 0.5 * (low + high);
        }
        return x;
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
        for (var k = 40; k >= 1; k--)
            fraction = x + (k / fraction);
        return 1 / fraction;
    }
}
