namespace GradGuard.Cli.Comparison;

/// <summary>
/// Puts a figure where equal distances mean equal changes: shares stay as they are, sizes become logarithms, and a loss that can be negative is
/// counted in means of its base.
/// </summary>
/// <param name="To">Onto the scale.</param>
/// <param name="From">Back.</param>
/// <param name="Least">The least change that matters, on the scale.</param>
internal sealed record Scale(Func<double, double> To, Func<double, double> From, double Least)
{
    /// <summary>Logarithms end this far from the base's median: a factor of a million, so that a zero, which has none, counts as very small.</summary>
    private const double LargestLog = 13.8;

    private const double Rounding = 1e-6;

    public static Scale For(Figure figure, Limits limits, IReadOnlyList<double> bases, IReadOnlyList<double> run)
    {
        if (figure.IsShare)
            return new(value => value, value => value, limits.Share);
        var factor = limits.FactorOf(figure);
        if (bases.Concat(run).Any(value => value < 0))
            return Plain(bases.Select(Math.Abs).DefaultIfEmpty(1).Average(), factor);
        var centre = Math.Log(MedianOfPositive([.. bases], [.. run]));
        var (least, most) = (centre - LargestLog, centre + LargestLog);
        return new(
            value => value > 0 ? Math.Clamp(Math.Log(value), least, most) : least,
            value => value > least + Rounding ? Math.Exp(value) : 0,
            Math.Log(factor));
    }

    private static Scale Plain(double unit, double factor)
    {
        var size = unit > 0 ? unit : 1;
        return new(value => value / size, value => value * size, factor - 1);
    }

    private static double MedianOfPositive(params IReadOnlyList<double>[] choices)
    {
        foreach (var values in choices)
        {
            var positive = values.Where(value => value > 0).Order().ToList();
            if (positive.Count > 0)
                return positive[positive.Count / 2];
        }

        return 1;
    }
}
