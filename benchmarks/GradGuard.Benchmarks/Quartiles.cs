namespace GradGuard.Benchmarks;

/// <summary>Median and quartiles of a sample, by linear interpolation between order statistics.</summary>
internal readonly record struct Quartiles(double Lower, double Median, double Upper)
{
    /// <summary>Quartiles of a non-empty sample.</summary>
    public static Quartiles Of(IEnumerable<double> sample)
    {
        var sorted = sample.Order().ToArray();
        return new(At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    private static double At(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
