using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Instrumentation;

namespace GradGuard.Monitor;

/// <summary>Says what a run's silence proves nothing about.</summary>
internal static class Coverage
{
    /// <summary>What of the model's code could be seen beyond hooks.</summary>
    public static CodeCoverage OfCode(StepReader reader)
    {
        var code = InstrumentedCode.Of(reader.Layers);
        var seen = reader.Activations.Select(static activation => activation.Place).ToHashSet();
        return new CodeCoverage
        {
            ForwardCalls = code.ForwardCalls,
            Activations = code.Activations.Count,
            ActivationsSeen = code.Activations.Count(seen.Contains),
            Hidden = code.Hidden,
        };
    }

    /// <summary>Lists what was not judged, detector by detector, and why.</summary>
    public static IReadOnlyList<NotEvaluated> NotEvaluated(StepReader reader, RunExtent extent, DetectionThresholds thresholds)
        => [.. RunCoverage.NotEvaluated(reader, extent, thresholds).Concat(LayerCoverage.NotEvaluated(reader))
            .OrderBy(static missing => missing.Id, StringComparer.Ordinal)];
}
