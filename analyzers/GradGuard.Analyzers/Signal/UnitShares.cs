namespace GradGuard.Analyzers.Signal;

/// <summary>Shares of a layer's units that learn nothing, for Gaussian pre-activations.</summary>
internal static class UnitShares
{
    /// <summary>
    /// A unit counts as dead when it is silent for this many samples, about twenty batches of fifty: what a run needs to call a unit dead.
    /// </summary>
    public const int DeadAfterSamples = 1000;

    /// <summary>Standard deviations beyond which a normal value never falls in any number of samples looked at here.</summary>
    private const double Certain = 8.5;

    /// <summary>Steps of the fine grid used where a pre-activation is a bent function of a Gaussian one: error under half a percent.</summary>
    private const double GridStep = 0.01;

    /// <summary>P(z &lt; low or z &gt; high) over units and samples; null where the value is not known.</summary>
    public static double? Outside(ForwardSignal preActivation, double low, double high)
    {
        if (preActivation.Value is not { } moments)
            return null;
        if (preActivation.Function.IsAffine)
            return Outside(moments, low, high);
        var (function, origin, share) = (preActivation.Function, preActivation.OriginValue, 0.0);
        for (var u = -8.5; u < 8.5; u += GridStep)
        {
            var z = function.Evaluate(origin.Mean + (origin.Std * u)).Value;
            if (z < low || z > high)
                share += GridStep * NormalDistribution.Density(u);
        }
        return share;
    }

    /// <summary>The share of dead units; null where the value is not known or not close to Gaussian.</summary>
    public static double? Dead(ForwardSignal preActivation, double threshold) =>
        preActivation.Value is { } moments && preActivation.Function.IsAffine ? Dead(moments, threshold) : null;

    /// <summary>P(z &lt; low or z &gt; high) over units and samples.</summary>
    public static double Outside(Moments preActivation, double low, double high) =>
        Below(preActivation, low) + Below(preActivation.Affine(-1, 0), -high);

    /// <summary>
    /// P(a unit's pre-activation is at or below <paramref name="threshold"/> for every one of <paramref name="samples"/> samples). The unit's mean over
    /// samples is itself Gaussian over units (biases, and inputs that are not centred: after a ReLU all samples share a direction), and given
    /// it the samples are independent: E[Φ((threshold − M)/within)^samples], M ~ N(mean, between).
    /// </summary>
    public static double Dead(Moments preActivation, double threshold, int samples = DeadAfterSamples)
    {
        var within = Math.Sqrt(preActivation.WithinUnitVariance);
        var between = Math.Sqrt(preActivation.BetweenUnitVariance);
        if (within <= 1e-9 * Math.Abs(preActivation.Rms))
            return Below(preActivation, threshold);

        double AlwaysBelow(double mean) => ((threshold - mean) / within) switch
        {
            > Certain => 1,
            <= 0 when samples > 60 => 0,
            var distance => Math.Pow(NormalDistribution.Cdf(distance), samples),
        };
        if (between == 0)
            return AlwaysBelow(preActivation.Mean);

        // The power falls from 1 to 0 within a few widths of the mean at which it is one half.
        var turn = threshold - (within * NormalDistribution.Quantile(Math.Pow(0.5, 1.0 / samples)));
        double[] around = [turn - (2 * within), turn - (0.5 * within), turn, turn + (0.5 * within), turn + (2 * within)];
        var (points, weights) = GaussianQuadrature.Rule(around.Select(mean => (mean - preActivation.Mean) / between));
        return points.Zip(weights, (u, weight) => weight * AlwaysBelow(preActivation.Mean + (between * u))).Sum();
    }

    private static double Below(Moments moments, double bound)
    {
        var std = moments.Std;
        if (std > 0)
            return NormalDistribution.Cdf((bound - moments.Mean) / std);
        return moments.Mean <= bound ? 1 : 0;
    }
}
