namespace GradGuard.Monitor.Detection;

/// <summary>Growth in decades: a least-squares line through log10 of a sequence of magnitudes.</summary>
internal static class LogSlope
{
    /// <summary>Slope per position. Zeros and values that are not finite are left out, their positions kept.</summary>
    /// <param name="magnitudes">The sequence.</param>
    /// <param name="leastPoints">Points without which there is no verdict.</param>
    /// <returns>log10 units per position; null with too few points.</returns>
    public static double? Of(IReadOnlyList<double> magnitudes, int leastPoints)
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
        double covariance = 0, variance = 0;
        for (var x = 0; x < magnitudes.Count; x++)
        {
            if (!IsUsable(magnitudes[x]))
                continue;
            covariance += (x - meanX) * (Math.Log10(magnitudes[x]) - meanY);
            variance += (x - meanX) * (x - meanX);
        }

        return covariance / variance;
    }

    private static bool IsUsable(double magnitude) => magnitude > 0 && double.IsFinite(magnitude);
}
