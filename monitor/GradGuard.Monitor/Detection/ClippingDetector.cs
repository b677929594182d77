using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9012: nearly every step is clipped, so that the limit sets the step's length and the learning rate's schedule hardly counts. Exact
/// where clipping goes through the monitor; elsewhere it shows in readings whose gradient norms all end at the same number. A warning where
/// hardly anything is left of the gradient and the loss has not fallen since the start: then it is the limit that holds it.
/// </summary>
internal sealed class ClippingDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Steps looked back over.</summary>
    public const int Window = 200;

    /// <summary>Steps before clipping counts: at the start it is what clipping is for.</summary>
    public const long WarmUp = 100;

    /// <summary>Readings, at least, that an undeclared clipping is recognised by.</summary>
    public const int Readings = 20;

    /// <summary>Norm before over the limit from which next to nothing of the gradient is left.</summary>
    public const double Crushed = 100;

    /// <summary>Loss over the first one, from which it has not fallen.</summary>
    public const double NotFallen = 0.8;

    /// <summary>clip_grad_norm_ ends at max·n/(n + 1e-6) of a norm n: norms that differ by less than this share ended at one limit.</summary>
    public const double SameNorm = 1e-3;

    private readonly Queue<bool> _clipped = new(Window);
    private readonly Queue<(long Step, double Norm)> _norms = new(Readings);
    private readonly LossRise _loss = new(StuckLossDetector.BlockSteps);
    private readonly SteadyNorm _steady = new();
    private bool _isDeclared;

    /// <summary>True while norms that are known from parts may all be one limit, which only whole gradients tell.</summary>
    public bool WantsWholeGradients => !_isDeclared && _steady.IsWanted;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        _isDeclared |= record.Clipping is not null;
        _loss.Add(record.Loss);
        if (record.Step < WarmUp)
            return [];
        return _isDeclared ? Declared(record.Clipping) : Undeclared(record);
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        archive.Items(_clipped, archive.Value);
        archive.Items(_norms, read => (archive.Value(read.Step), archive.Value(read.Norm)));
        _steady.Persist(archive);
        _loss.Persist(archive);
        _isDeclared = archive.Value(_isDeclared);
    }

    private IEnumerable<Finding> Declared(ClippingRecord? clipping)
    {
        if (_clipped.Count == Window)
            _clipped.Dequeue();
        _clipped.Enqueue(clipping is { IsClipped: true });
        if (clipping is not { } last || _clipped.Count < Window)
            yield break;
        var clippedSteps = 0;
        foreach (var clipped in _clipped)
            clippedSteps += clipped ? 1 : 0;
        var share = clippedSteps / (double)Window;
        if (share <= thresholds.AlwaysClippedShare)
            yield break;
        var holds = last.NormBefore > Crushed * last.MaxNorm && _loss.Factor > NotFallen;
        yield return new Finding("GG9012", holds ? AlertSeverity.Warning : AlertSeverity.Info, "",
            $"{Percent(share)} of the last {Window} steps were clipped to a norm of {Short(last.MaxNorm)}; the norm before is {Short(last.NormBefore)} now{(holds ? ", and the loss stands where it began" : "")}",
            Advice(last.NormBefore),
            new Dictionary<string, double> { ["clippedShare"] = share, ["maxNorm"] = last.MaxNorm, ["normBefore"] = last.NormBefore });
    }

    /// <summary>Gradients that were clipped by hand: their norm is the limit, to its last digits, in all readings.</summary>
    private IEnumerable<Finding> Undeclared(StepRecord record)
    {
        var norm = Math.Sqrt(SumOfSquares(record.Parameters));

        if (!record.Sampled || norm <= 0)
            yield break;

        // A norm that is estimated differs from the limit.
        if (record.HasPartOfAGradient)
        {
            _steady.Add(norm);
            yield break;
        }

        _norms.Enqueue((record.Step, norm));
        if (_norms.Count >= SteadyNorm.FewestReadings && AtLimit().Share <= thresholds.AlwaysClippedShare)
            _steady.Settle();
        while (_norms.Count > Readings && record.Step - _norms.ElementAt(1).Step >= Window)
            _norms.Dequeue();
        if (_norms.Count < Readings || record.Step - _norms.Peek().Step < Window)
            yield break;
        var (limit, share) = AtLimit();
        if (share <= thresholds.AlwaysClippedShare)
            yield break;
        _steady.Settle();
        yield return new Finding("GG9012", AlertSeverity.Info, "",
            $"the gradient norm is {Short(limit)} in {Percent(share)} of the last {_norms.Count} steps read: it is clipped there all the time",
            Advice(null),
            new Dictionary<string, double> { ["clippedShare"] = share, ["maxNorm"] = limit });
    }

    /// <summary>The largest of the last norms, and the share that ended there.</summary>
    private (double Limit, double Share) AtLimit()
    {
        var limit = 0.0;
        foreach (var (_, norm) in _norms)
            limit = norm > limit ? norm : limit;
        var ended = 0;
        foreach (var (_, norm) in _norms)
            ended += norm > limit * (1 - SameNorm) ? 1 : 0;
        return (limit, ended / (double)_norms.Count);
    }

    private static double SumOfSquares(IReadOnlyList<ParameterRecord> parameters)
    {
        var squares = 0.0;
        for (var place = 0; place < parameters.Count; place++)
        {
            if (parameters[place].Gradient is { Norm: var norm })
                squares += norm * norm;
        }

        return squares;
    }

    private static string Advice(double? norm)
        => $"Raise the limit to what gradients usually have{(norm is { } usual ? $" (about {Short(usual)} here)" : "")}, so that it catches spikes only; or lower the learning rate if training is unstable without it.";
}
