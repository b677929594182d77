using GradGuard.Monitor.Detection;

namespace GradGuard.Monitor.Alerting;

/// <summary>
/// Decides which findings are worth an alert: one per fault and layer, again when it gets worse, and again when it comes back
/// after having been gone for <see cref="Cooldown"/> steps.
/// </summary>
internal sealed class AlertGate
{
    /// <summary>Steps without the finding after which its return is news.</summary>
    public const long Cooldown = 500;

    private readonly Dictionary<(string Id, string Layer), (AlertSeverity Severity, long LastSeen)> _active = [];

    /// <summary>Takes the finding of a step; true when it is to be raised.</summary>
    public bool Admit(Finding finding, long step)
    {
        var key = (finding.Id, finding.Layer);
        var known = _active.TryGetValue(key, out var state) && step - state.LastSeen <= Cooldown;
        var worse = known && finding.Severity > state.Severity;
        _active[key] = (known && !worse ? state.Severity : finding.Severity, step);
        return !known || worse;
    }
}
