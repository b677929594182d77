using System.Globalization;

namespace GradGuard.Benchmarks.Detection;

/// <summary>Hits among trials, with the Wilson score interval at 95% (Wilson 1927), which holds for few trials and for shares near 0 and 1.</summary>
internal readonly record struct Rate(int Hits, int Trials)
{
    /// <summary>The 97.5% quantile of the normal distribution.</summary>
    private const double Z = 1.959964;

    /// <summary>Counts those of which something holds.</summary>
    public static Rate Of<T>(IReadOnlyCollection<T> trials, Func<T, bool> holds) => new(trials.Count(holds), trials.Count);

    /// <summary>Share of hits; NaN without trials.</summary>
    public double Share => (double)Hits / Trials;

    /// <summary>Bounds of the interval; NaN without trials.</summary>
    public (double Lower, double Upper) Interval
    {
        get
        {
            var scale = 1 + (Z * Z / Trials);
            var centre = (Share + (Z * Z / (2 * Trials))) / scale;
            var half = Z * Math.Sqrt((Share * (1 - Share) / Trials) + (Z * Z / (4.0 * Trials * Trials))) / scale;
            return (Math.Max(0, centre - half), Math.Min(1, centre + half));
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Trials == 0)
            return "–";
        var (lower, upper) = Interval;
        return string.Create(CultureInfo.InvariantCulture, $"{100 * Share:F1}% of {Trials} ({100 * lower:F1}–{100 * upper:F1})");
    }
}
