namespace GradGuard.Monitor.Detection;

/// <summary>Growth in decades: a least-squares line through log10 of a sequence of magnitudes.</summary>
/// <param name="Slope">log10 units per position.</param>
/// <param name="Fit">Coefficient of determination R²: 1 for a pure exponential.</param>
internal readonly record struct LogSlope(double Slope, double Fit)
{
    /// <summary>Fits the line. Zeros and values that are not finite are left out, their positions kept.</summary>
    /// <param name="magnitudes">The sequence.</param>
    /// <param name="leastPoints">Points without which there is no verdict.</param>
    /// <returns>Null with too few points.</returns>
    public static LogSlope? Of(IReadOnlyList<double> magnitudes, int leastPoints)
    {
        var count = 0;
        double meanX = 0, meanY = 0;
        for (var x = 0; x < magnitudes.Count; x++)
        {
            if (!IsUsable(magnitudes[x]))
                continue;
            count++;
            meanX += x;
            meanY += Math.Log10(magnitudes[x]);
        }

        if (count < Math.Max(2, leastPoints))
            return null;
        meanX /= count;
        meanY /= count;
        double covariance = 0, variance = 0, spread = 0;
        for (var x = 0; x < magnitudes.Count; x++)
        {
            if (!IsUsable(magnitudes[x]))
                continue;
            var y = Math.Log10(magnitudes[x]) - meanY;
            covariance += (x - meanX) * y;
            spread += y * y;
            variance += (x - meanX) * (x - meanX);
        }

        return new LogSlope(covariance / variance, spread > 0 ? covariance * covariance / (variance * spread) : 1);
    }

    private static bool IsUsable(double magnitude) => magnitude > 0 && double.IsFinite(magnitude);
}
