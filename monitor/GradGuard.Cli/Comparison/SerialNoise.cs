namespace GradGuard.Cli.Comparison;

/// <summary>
/// The error of the mean of an autocorrelated series of differences. The series is cut into at most twenty batches of equal length, whose
/// means hardly depend on each other (Schmeiser, "Batch size effects in the analysis of simulation output", Oper. Res. 30, 1982). What is left
/// of dependence is taken out of their number: n(1 − r)/(1 + r), with r the lag-1 autocorrelation around the straight line through them
/// (Santer et al., J. Geophys. Res. 105, 2000), corrected for the bias of short series (Kendall, Biometrika 41, 1954).
/// </summary>
internal static class SerialNoise
{
    private const int MostBatches = 20;

    /// <summary>As few as that cannot show how they vary.</summary>
    public const int FewestReadings = 5;

    private const double FewestEffective = 5;
    private const double LargestCorrelation = 0.95;

    /// <summary>The mean of at least <see cref="FewestReadings"/> differences, in the order of their steps.</summary>
    public static Estimate MeanOf(IReadOnlyList<double> differences)
    {
        var batches = Batches(differences);
        var residuals = AroundLine(batches);
        var variance = residuals.Sum(residual => residual * residual) / (batches.Length - 2);
        var effective = EffectiveNumber(residuals);
        return new(differences.Average(), Math.Sqrt(variance / effective), effective - 2);
    }

    private static double[] Batches(IReadOnlyList<double> differences)
    {
        var count = Math.Min(MostBatches, differences.Count);
        var means = new double[count];
        for (var batch = 0; batch < count; batch++)
        {
            var (start, end) = (batch * differences.Count / count, (batch + 1) * differences.Count / count);
            for (var index = start; index < end; index++)
                means[batch] += differences[index] / (end - start);
        }

        return means;
    }

    private static double[] AroundLine(double[] values)
    {
        var (middle, mean) = ((values.Length - 1) / 2.0, values.Average());
        double products = 0, squares = 0;
        for (var index = 0; index < values.Length; index++)
        {
            products += (index - middle) * values[index];
            squares += (index - middle) * (index - middle);
        }

        return [.. values.Select((value, index) => value - mean - (products / squares * (index - middle)))];
    }

    private static double EffectiveNumber(double[] residuals)
    {
        double products = 0, squares = 0;
        for (var index = 0; index < residuals.Length; index++)
        {
            squares += residuals[index] * residuals[index];
            if (index > 0)
                products += residuals[index] * residuals[index - 1];
        }

        var correlation = squares > 0 ? products / squares : 0;
        correlation += (1 + (4 * correlation)) / residuals.Length;
        correlation = Math.Clamp(correlation, 0, LargestCorrelation);
        return Math.Max(FewestEffective, residuals.Length * (1 - correlation) / (1 + correlation));
    }
}
