namespace GradGuard.Cli.Comparison;

/// <summary>
/// Many comparisons at once: with 100 of them at 5% five would fail by chance. The procedure of Benjamini and Hochberg ("Controlling the false
/// discovery rate", J. R. Stat. Soc. B 57, 1995) bounds the share of chance among those that are called; it holds under the positive
/// dependence that layers of one model have (Benjamini and Yekutieli 2001).
/// </summary>
internal static class FalseDiscoveries
{
    /// <summary>Adjusts p-values: those at most α after it are called at a false discovery rate of α. Order is kept.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var least = 1.0;
        var falling = Enumerable.Range(0, pValues.Count).OrderByDescending(index => pValues[index]).ToList();
        for (var position = 0; position < falling.Count; position++)
        {
            var rank = falling.Count - position;
            least = Math.Min(least, pValues[falling[position]] * falling.Count / rank);
            adjusted[falling[position]] = least;
        }

        return adjusted;
    }
}
