namespace GradGuard.Analyzers.Signal;

/// <summary>
/// What an element-wise function F does to jointly Gaussian values: E[F], E[F²], the two-point moments E[F(x)·F(y)], and the same for F′,
/// by which gradients are multiplied. The two-point maps come from the Hermite expansion F(m + s·u) = Σ aₖ·hₖ(u): for a correlation ρ,
/// E[F(x)·F(y)] = Σ aₖ²·ρᵏ (Mehler's formula; Daniely et al. 2016, "dual activation"), and by Stein's lemma the coefficients of F′ are
/// √(k+1)·aₖ₊₁/s. What the truncated series leaves out is known exactly at ρ = 1 and falls with ρ to a power past the last term.
/// </summary>
internal sealed class GaussianTransform
{
    private const int Terms = 40;

    /// <summary>A power of the correlation below this adds nothing in double precision.</summary>
    private const double Negligible = 1e-18;

    private static readonly double[] RootOf = Enumerable.Range(0, Terms + 2).Select(k => Math.Sqrt(k)).ToArray();

    private static readonly double[] InverseRootOf = RootOf.Select(root => 1 / root).ToArray();

    private readonly Moments _source;
    private readonly double[] _squares;
    private readonly double[] _slopeSquares;

    private GaussianTransform(Moments source, double mean, double square, double slopeSquare, double[] squares, double[] slopeSquares)
    {
        _source = source;
        _squares = squares;
        _slopeSquares = slopeSquares;
        SlopeSquare = slopeSquare;
        Result = new(
            mean,
            square,
            TwoPoint(squares, square, Correlation(source.AcrossSamples)),
            TwoPoint(squares, square, Correlation(source.AcrossUnits)),
            TwoPoint(squares, square, Correlation(source.AcrossBoth)));
        if (source.PositionExcess != 0)
            Result = Result with { PositionExcess = TwoPoint(squares, square, Correlation(source.AcrossPositions)) - Result.AcrossSamples };
    }

    /// <summary>Moments of F(x).</summary>
    public Moments Result { get; }

    /// <summary>E[F′²]: the factor on the mean squared gradient.</summary>
    public double SlopeSquare { get; }

    public static GaussianTransform Of(PointwiseFunction function, Moments source)
    {
        var (mean, std) = (source.Mean, source.Std);
        if (std <= 1e-12 * Math.Abs(mean) || std == 0)
            return OfConstant(function.Evaluate(mean), source);

        var (points, weights) = GaussianQuadrature.Rule(function.Breakpoints.Select(b => (b - mean) / std));
        var (square, slopeSquare) = (0.0, 0.0);
        var coefficients = new double[Terms + 1];
        for (var i = 0; i < points.Length; i++)
        {
            var (u, weight) = (points[i], weights[i]);
            var (value, slope) = function.Evaluate(mean + (std * u));
            square += weight * value * value;
            slopeSquare += weight * slope * slope;
            AddHermite(coefficients, u, weight * value);
        }

        var squares = coefficients.Select(a => a * a).ToArray();
        var slopeSquares = Enumerable.Range(0, Terms).Select(k => (k + 1) * squares[k + 1] / (std * std)).ToArray();
        return new(source, coefficients[0], square, slopeSquare, squares, slopeSquares);
    }

    /// <summary>The moments of F′(x)·g for a gradient g independent of x.</summary>
    public Moments Backward(Moments gradient)
    {
        var result = new Moments(
            0,
            SlopeSquare * gradient.Square,
            Slope(_source.AcrossSamples, gradient.AcrossSamples),
            Slope(_source.AcrossUnits, gradient.AcrossUnits),
            Slope(_source.AcrossBoth, gradient.AcrossBoth));
        return gradient.PositionExcess == 0 && _source.PositionExcess == 0
            ? result
            : result with { PositionExcess = Slope(_source.AcrossPositions, gradient.AcrossPositions) - result.AcrossSamples };
    }

    /// <summary>
    /// Spread of the correlation between two samples of F(x), each unit's mean taken away, for one of <paramref name="spread"/> between two samples of x:
    /// half the difference between what becomes of either side.
    /// </summary>
    public double CorrelationSpread(double spread) => 0.5 * (CorrelationGrowth(spread) - CorrelationGrowth(-spread));

    /// <summary>The correlation between two samples of F(x), each unit's mean taken away, for a <paramref name="correlation"/> of x.</summary>
    public double CorrelationGrowth(double correlation)
    {
        var shared = Correlation(_source.AcrossSamples);
        var range = Result.Square - Result.AcrossSamples;
        if (correlation == 0 || range <= 1e-12 * Result.Square)
            return correlation;
        var moved = Math.Max(-1, shared + ((1 - shared) * correlation));
        return (TwoPoint(_squares, Result.Square, moved) - Result.AcrossSamples) / range;
    }

    private static GaussianTransform OfConstant(Dual point, Moments source)
    {
        var squares = new double[Terms + 1];
        var slopeSquares = new double[Terms];
        squares[0] = point.Value * point.Value;
        slopeSquares[0] = point.Slope * point.Slope;
        return new(source, point.Value, squares[0], slopeSquares[0], squares, slopeSquares);
    }

    /// <summary>Adds <paramref name="weight"/>·hₖ(u) to each coefficient; hₖ are the normalised probabilists' Hermite polynomials.</summary>
    private static void AddHermite(double[] coefficients, double u, double weight)
    {
        var (previous, current) = (0.0, 1.0);
        for (var k = 0; k < coefficients.Length; k++)
        {
            coefficients[k] += weight * current;
            (previous, current) = (current, ((u * current) - (RootOf[k] * previous)) * InverseRootOf[k + 1]);
        }
    }

    private double Slope(double moment, double gradient) =>
        gradient == 0 ? 0 : gradient * TwoPoint(_slopeSquares, SlopeSquare, Correlation(moment));

    private double Correlation(double moment)
    {
        var variance = _source.Variance;
        return variance == 0 ? 0 : Math.Max(-1, Math.Min(1, (moment - (_source.Mean * _source.Mean)) / variance));
    }

    private static double TwoPoint(double[] squares, double total, double correlation)
    {
        if (correlation == 0)
            return squares[0];
        if (correlation == 1)
            return total;
        var (sum, kept, power) = (0.0, 0.0, 1.0);
        foreach (var square in squares)
        {
            sum += square * power;
            kept += square;
            power *= correlation;
            if (Math.Abs(power) < Negligible)
                return sum;
        }
        return sum + (Math.Max(0, total - kept) * power * Math.Sqrt(Math.Abs(power)));
    }
}
