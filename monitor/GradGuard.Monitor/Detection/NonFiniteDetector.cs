using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9001: the first NaN or infinity, and what produced it. Exact; speaks once of one that does harm, since everything after it is propagation.
/// </summary>
internal sealed class NonFiniteDetector : IDetector
{
    /// <summary>Steps in a row after which a scaled loss whose gradient overflows is no search for the right scale any more.</summary>
    public const int LastingOverflow = 20;

    private const string Id = "GG9001";
    private bool _reported;
    private int _overflows;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        if (record.IsFinite && !record.HasPartOfAGradient)
            _overflows = 0;
        return _reported || record.NonFinite is not { } trace ? [] : Report(record, trace);
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _reported = archive.Value(_reported);
        _overflows = archive.Value(_overflows);
    }

    private IEnumerable<Finding> Report(StepRecord record, NonFiniteTrace trace)
    {
        var lossIsFinite = record.Loss is not { } loss || double.IsFinite(loss);

        // A dynamic loss scale finds its limit by overflowing; the program skips that step.
        if (record.IsScaleOverflow && ++_overflows < LastingOverflow)
            yield break;
        _reported = true;
        var evidence = new Dictionary<string, double>
        {
            ["loss"] = record.Loss ?? double.NaN,
            ["weights"] = trace.Weights.Count,
            ["forwardLayers"] = trace.Forward.Count,
            ["gradientLayers"] = trace.Gradients.Count,
        };
        var (layer, message, advice) = Producer(trace, lossIsFinite);
        yield return new Finding(Id, AlertSeverity.Critical, layer, message, advice, evidence);
    }

    /// <summary>
    /// The earliest in time: weights come from the step before, the input before any layer, layers in their order, then the loss,
    /// then backward, which runs from the last layer to the first.
    /// </summary>
    private static (string Layer, string Message, string Advice) Producer(NonFiniteTrace trace, bool lossIsFinite)
    {
        if (trace.Weights.Count > 0)
        {
            return (LayerOf(trace.Weights[0]),
                $"the update before this step made {trace.Weights[0]} NaN or infinite{Others(trace.Weights.Count - 1, "parameter")}",
                "Lower the learning rate or clip gradients before the step; under half precision, keep the weights in float32.");
        }

        if (trace.Input)
        {
            return ("", "the model's input holds NaN or infinity; no layer is to blame",
                "Check the batch: missing values, a division by a zero standard deviation, the logarithm of zero.");
        }

        if (trace.Forward.Count > 0)
        {
            return (trace.Forward[0],
                $"forward: '{trace.Forward[0]}' is the first layer to return NaN or infinity from finite input and weights" +
                PassedOn(trace.Forward),
                "Bound what reaches it: normalise before it, lower the learning rate, add eps under log, sqrt and division.");
        }

        if (!lossIsFinite)
        {
            return trace.ForwardSeen > 0
                ? ("", $"loss: it is NaN or infinite though the outputs of all {trace.ForwardSeen} layers seen are finite",
                    "Look at the loss function: log of zero, division by zero, targets out of range; prefer losses on logits.")
                : ("", "the loss is NaN or infinite; this step's layers were not looked at, so the producer is not known",
                    "Set SampleEvery = 1 to name the layer on the next run.");
        }

        if (trace.LossGradient)
        {
            return ("", "backward: the gradient is NaN or infinite where it leaves the loss, though the loss and all outputs are finite",
                "The loss has no finite slope here: log of a probability that is zero, sqrt or a norm at 0, a division. Prefer losses on logits, or add eps inside it.");
        }

        var last = trace.Gradients[^1];
        return (last,
            $"backward: the gradient turns NaN or infinite at '{(last.Length == 0 ? "model" : last)}' while loss and outputs are finite" +
            PassedOn(trace.Gradients),
            "An operation here has no finite slope where it was evaluated (sqrt or norm at 0, division, pow): add eps inside it, or clip.");
    }

    private static string PassedOn(IReadOnlyList<string> layers)
        => layers.Count > 1 ? $"; {layers.Count - 1} more only pass it on" : "";

    private static string Others(int count, string what) => count > 0 ? $", and {count} more {what}{(count > 1 ? "s" : "")}" : "";

    private static string LayerOf(string parameter)
    {
        var dot = parameter.LastIndexOf('.');
        return dot < 0 ? "" : parameter[..dot];
    }
}
