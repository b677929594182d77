namespace GradGuard.Cli.Comparison;

/// <summary>
/// How far the mean of one more run may lie from those of several bases that differ by chance alone: Student's prediction interval for a single
/// future observation, s√(1 + 1/k) with k − 1 degrees of freedom (Hahn, J. Qual. Technol. 1, 1969).
/// </summary>
internal static class SeedNoise
{
    /// <param name="bases">Values of each of at least two bases, at the same steps.</param>
    /// <param name="run">Values of the run at those steps.</param>
    public static Estimate DifferenceOf(IReadOnlyList<double[]> bases, double[] run)
    {
        var means = bases.Select(values => values.Average()).ToList();
        var centre = means.Average();
        var variance = means.Sum(mean => (mean - centre) * (mean - centre)) / (means.Count - 1);
        // Bases that agree by luck, or because they are the same run, do not make the run's own noise go away.
        var within = SerialNoise.MeanOf([.. run.Select((value, index) => value - bases.Average(values => values[index]))]);
        return new(run.Average() - centre, Math.Max(Math.Sqrt(variance * (1 + (1.0 / means.Count))), within.Error), means.Count - 1);
    }
}
