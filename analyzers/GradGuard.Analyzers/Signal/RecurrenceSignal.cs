namespace GradGuard.Analyzers.Signal;

/// <summary>What a recurrence does to a gradient that arrives at its last step, on the way back through time.</summary>
/// <param name="SpectralRadius">Of the hidden-to-hidden weights, null where not known or not one square matrix.</param>
/// <param name="GradientGainPerStep">Factor on the RMS gradient per step back, geometric mean over the steps looked at; null where not known.</param>
/// <param name="Steps">Number of steps, null where not known.</param>
internal sealed record RecurrenceSignal(double? SpectralRadius, double? GradientGainPerStep, long? Steps)
{
    /// <summary>RMS gradient at the first step over that at the last one; null where not known.</summary>
    public double? GradientFactor => Steps is { } steps && GradientGainPerStep is { } gain ? Math.Pow(gain, Math.Max(0, steps - 1)) : null;
}
