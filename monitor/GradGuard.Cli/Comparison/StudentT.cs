namespace GradGuard.Cli.Comparison;

/// <summary>Student's distribution.</summary>
internal static class StudentT
{
    private const int MostTerms = 500;
    private const double Precision = 1e-14;
    private const double Tiny = 1e-300;

    /// <summary>
    /// The probability of a value above <paramref name="t"/>, by the regularized incomplete beta function, I_x(ν/2, 1/2)/2 with
    /// x = ν/(ν + t²) (Abramowitz and Stegun 1964, 26.5.27).
    /// </summary>
    /// <param name="t">Any number.</param>
    /// <param name="degrees">Degrees of freedom, above 0; need not be whole.</param>
    public static double UpperTail(double t, double degrees)
    {
        if (double.IsInfinity(t))
            return t > 0 ? 0 : 1;
        var tail = Beta(degrees / (degrees + (t * t)), degrees / 2, 0.5) / 2;
        return t >= 0 ? tail : 1 - tail;
    }

    /// <summary>I_x(a, b) by its continued fraction (DLMF 8.17.22), from the side where that converges fast.</summary>
    private static double Beta(double x, double a, double b)
    {
        if (x is 0 or 1)
            return x;
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(1 - x, b, a) / b);
    }

    /// <summary>The continued fraction by Lentz's method (Lentz 1976).</summary>
    private static double Fraction(double x, double a, double b)
    {
        var (c, d) = (1.0, 1 / NotZero(1 - ((a + b) * x / (a + 1))));
        var result = d;
        for (var term = 1; term <= MostTerms; term++)
        {
            var twice = 2 * term;
            var even = term * (b - term) * x / ((a + twice - 1) * (a + twice));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            result *= c * d;
            var odd = -(a + term) * (a + b + term) * x / ((a + twice) * (a + twice + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            result *= c * d;
            if (Math.Abs((c * d) - 1) < Precision)
                break;
        }

        return result;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    /// <summary>Stirling's series (DLMF 5.11.1) after shifting the argument to where five terms are exact to double precision.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 12; x++)
            shift -= Math.Log(x);
        var square = 1 / (x * x);
        var series = (1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square / 1188)))))));
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (series / x);
    }
}
