using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9011: layers that train although no call of them was ever heard: the code runs them through <c>forward</c>, which skips hooks.
/// Training is right, and blind: nothing is known of what they return. Told once for all of them, since one habit is behind it.
/// </summary>
/// <remarks>
/// A layer whose weights the code uses by hand (a tied embedding, LoRA) gets gradients without a call as well. So the code must call a
/// <c>forward</c> that may be the layer's, and one of the layers must have all of its two or more parameters trained: by hand it is mostly
/// the weight alone.
/// </remarks>
internal sealed class PastHooksDetector : IDetector
{
    /// <summary>Readings with a gradient that is not the last one's: what an earlier run left behind, uncleared, stays the same.</summary>
    public const int Readings = 10;

    private const int Named = 3;

    private readonly Dictionary<string, (double Norm, int Readings)> _trained = [];
    private bool _isTold;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        if (_isTold || !record.Sampled || record.PastHooks.Count == 0)
            yield break;
        var layers = record.Parameters.Where(static parameter => parameter.RequiresGrad)
            .GroupBy(static parameter => parameter.Layer)
            .Where(layer => record.PastHooks.Contains(layer.Key)).Where(IsTrained).ToList();
        if (!layers.Exists(static layer => layer.Count() > 1))
            yield break;
        _isTold = true;
        yield return Told([.. layers.Select(static layer => layer.Key)]);
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        archive.Items(_trained, archive.Value, seen => (archive.Value(seen.Norm), archive.Value(seen.Readings)));
        _isTold = archive.Value(_isTold);
    }

    private bool IsTrained(IGrouping<string, ParameterRecord> layer)
    {
        var (last, readings) = _trained.GetValueOrDefault(layer.Key);
        var norm = layer.All(static parameter => parameter.Gradient is { NonFinite: 0 }) ? layer.Sum(static parameter => parameter.Gradient!.Norm) : 0;
        if (norm > 0 && !norm.Equals(last))
            _trained[layer.Key] = (norm, ++readings);
        return readings >= Readings;
    }

    private static Finding Told(string[] layers)
    {
        var names = string.Join(", ", layers.Take(Named).Select(static layer => $"'{layer}'"));
        var more = layers.Length > Named ? $" and {layers.Length - Named} more" : "";
        return new Finding("GG9011", AlertSeverity.Info, layers is [var only] ? only : "",
            (layers.Length == 1 ? "it trains" : $"{layers.Length} layers train ({names}{more})")
                + ", and not one call was heard: forward() skips hooks, so nothing is known of what is returned there",
            "Call them with call() in place of forward(), or set <GradGuardInstrument>true</GradGuardInstrument> in the project file (where it is set, Summary().Code.Hidden lists what it does not reach), or report what they return with Probe.Activation.",
            new Dictionary<string, double> { ["layers"] = layers.Length, ["readings"] = Readings });
    }
}
