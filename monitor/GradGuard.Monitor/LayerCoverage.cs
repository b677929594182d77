using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Instrumentation;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor;

/// <summary>The layers that no verdict of a detector rests on.</summary>
internal static class LayerCoverage
{
    /// <summary>An entry a layer and detector that would have judged it.</summary>
    public static IEnumerable<NotEvaluated> NotEvaluated(StepReader reader)
    {
        var isInstrumented = InstrumentedCode.Of(reader.Layers).IsComplete;
        foreach (var layer in reader.Layers.Where(static layer => layer.IsLeaf))
        {
            if (!layer.Called)
            {
                var reason = NotCalled(reader.IsHooked(layer), isInstrumented);
                foreach (var id in JudgesOf(layer.Description))
                    yield return new NotEvaluated(id, layer.Description.Path, reason);
            }
            else if (layer.TakesSequence)
            {
                yield return new NotEvaluated("GG9009", layer.Description.Path,
                    "its gates and states between time steps are inside one native call: only its input's gradient through time is seen");
            }
        }
    }

    /// <summary>The detectors that look at what such a layer returns; the first NaN may come from any.</summary>
    private static IEnumerable<string> JudgesOf(LayerDescription layer)
    {
        yield return "GG9001";
        if (layer.HasWeights && layer.Recurrence == RecurrenceKind.None)
            yield return "GG9003";
        if (layer.Activation == ActivationKind.Rectifier)
            yield return "GG9004";
        if (layer.Activation is ActivationKind.Sigmoid or ActivationKind.Tanh)
            yield return "GG9005";
        if (layer.Recurrence != RecurrenceKind.None)
            yield return "GG9009";
        if (layer.HasWeights)
            yield return "GG9010";
    }

    private static string NotCalled(bool isHooked, bool isInstrumented) => (isHooked, isInstrumented) switch
    {
        (_, true) => "it never ran, or ran where neither hooks nor interceptors reach",
        (true, false) => "it was never run through call(): forward() skips hooks, unless the project sets GradGuardInstrument",
        (false, false) => "it has no call that hooks can listen to: the project has to set GradGuardInstrument",
    };
}
