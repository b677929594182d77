using System.Collections.Concurrent;

namespace GradGuard.Analyzers.Signal;

/// <summary>Softmax of n Gaussian logits at their quantiles: power sums of the probabilities.</summary>
internal readonly record struct TypicalSoftmax(double Width, double SquareSum, double CubeSum, double LogSumExp)
{
    private static readonly ConcurrentDictionary<int, double[]> Quantiles = new();

    /// <summary>Σ over the probabilities of the mean squared gradient at a logit, for gradients of unit RMS and independent at the probabilities: p(g − Σp·g).</summary>
    public double Jacobian => SquareSum - (2 * CubeSum) + (SquareSum * SquareSum);

    public static TypicalSoftmax Of(double std, double width, int maxQuantiles)
    {
        var count = (int)Math.Min(width, maxQuantiles);
        var weight = width / count;
        var logits = Quantiles.GetOrAdd(count, QuantilesOf).Select(quantile => std * quantile).ToArray();
        var largest = logits.Max();
        var total = weight * logits.Sum(z => Math.Exp(z - largest));
        var (squares, cubes) = (0.0, 0.0);
        foreach (var z in logits)
        {
            var p = Math.Exp(z - largest) / total;
            squares += weight * p * p;
            cubes += weight * p * p * p;
        }
        return new(width, squares, cubes, largest + Math.Log(total));
    }

    private static double[] QuantilesOf(int count) => [.. Enumerable.Range(0, count).Select(i => NormalDistribution.Quantile((i + 0.5) / count))];
}
