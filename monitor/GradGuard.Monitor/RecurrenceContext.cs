using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Detection;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor;

/// <summary>
/// Adds to a finding about a recurrence what its weights say. Too dear to take on every reading, and no part of the verdict: the
/// non-linearity damps what the spectral radius alone would predict.
/// </summary>
internal static class RecurrenceContext
{
    /// <summary>The finding, with the spectral radius of W_hh where the layer has one.</summary>
    /// <param name="finding">Any finding.</param>
    /// <param name="reader">Knows the weights as they are now.</param>
    /// <param name="step">The finding's step.</param>
    /// <param name="now">The step that was observed last: findings of readings that waited are older, and the weights may have moved since.</param>
    public static Finding Add(Finding finding, StepReader reader, long step, long now)
    {
        if (finding.Id != "GG9009" || reader.SpectralRadius(finding.Layer) is not { } radius)
            return finding;
        return finding with
        {
            Message = $"{finding.Message}; the spectral radius of W_hh is {Short(radius)}{(step == now ? "" : $" by step {now}")}",
            Evidence = new Dictionary<string, double>(finding.Evidence) { ["spectralRadius"] = radius },
        };
    }
}
