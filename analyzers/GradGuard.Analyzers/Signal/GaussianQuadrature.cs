namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Expectations over a standard normal variable by composite Gauss–Legendre panels. Gauss–Hermite nodes alone would miss kinks (ReLU) and the
/// narrow transition of a saturated sigmoid; panels are cut at both. Error below 1e-7 of the value for the activations used here.
/// </summary>
internal static class GaussianQuadrature
{
    /// <summary>The mass beyond ±8.5 standard deviations is 2e-17.</summary>
    private const double Range = 8.5;

    private const int Order = 8;

    private static readonly double[] Edges = [-Range, -6, -4.5, -3.25, -2.2, -1.4, -0.7, 0, 0.7, 1.4, 2.2, 3.25, 4.5, 6, Range];

    private static readonly (double Point, double Weight)[] Legendre = LegendreRule();

    /// <summary>The rule of a function that bends nowhere between the edges.</summary>
    private static readonly (double[] Points, double[] Weights) Plain = RuleOver(Edges);

    /// <summary>
    /// Points u and weights w with E[f(u)] ≈ Σ w·f(u), u ~ N(0, 1), for an f that is smooth between the breakpoints (in units of u).
    /// </summary>
    public static (double[] Points, double[] Weights) Rule(IEnumerable<double> breakpoints)
    {
        var further = breakpoints.Where(b => b > -Range && b < Range && Array.IndexOf(Edges, b) < 0).ToArray();
        return further.Length == 0 ? Plain : RuleOver([.. Edges.Concat(further).OrderBy(edge => edge)]);
    }

    private static (double[] Points, double[] Weights) RuleOver(double[] edges)
    {
        var points = new List<double>(edges.Length * Order);
        var weights = new List<double>(edges.Length * Order);
        for (var i = 1; i < edges.Length; i++)
        {
            var half = 0.5 * (edges[i] - edges[i - 1]);
            if (half <= 0)
                continue;
            var middle = 0.5 * (edges[i] + edges[i - 1]);
            foreach (var (point, weight) in Legendre)
            {
                var u = middle + (half * point);
                points.Add(u);
                weights.Add(half * weight * NormalDistribution.Density(u));
            }
        }
        return (points.ToArray(), weights.ToArray());
    }

    /// <summary>Nodes are the roots of the Legendre polynomial, by Newton's method from Chebyshev's guess; weights 2/((1 − x²)·P′(x)²).</summary>
    private static (double Point, double Weight)[] LegendreRule()
    {
        var rule = new (double, double)[Order];
        for (var i = 0; i < Order; i++)
        {
            var x = Math.Cos(Math.PI * (i + 0.75) / (Order + 0.5));
            var slope = 0.0;
            for (var iteration = 0; iteration < 100; iteration++)
            {
                (var value, slope) = Polynomial(x);
                x -= value / slope;
                if (Math.Abs(value) < 1e-15)
                    break;
            }
            rule[i] = (x, 2 / ((1 - (x * x)) * slope * slope));
        }
        return rule;
    }

    private static (double Value, double Slope) Polynomial(double x)
    {
        var (previous, current) = (1.0, x);
        for (var k = 2; k <= Order; k++)
            (previous, current) = (current, ((((2 * k) - 1) * x * current) - ((k - 1) * previous)) / k);
        return (current, Order * ((x * current) - previous) / ((x * x) - 1));
    }
}
