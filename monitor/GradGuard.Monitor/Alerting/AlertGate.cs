using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Alerting;

/// <summary>
/// Decides which findings are worth an alert: one per fault and layer, again when it gets worse, and again when it comes back after
/// having been gone for the cooldown. What is only worth knowing becomes a warning when it lasts. What is muted is never told.
/// </summary>
/// <param name="cooldown">Steps without the finding after which its return is news.</param>
/// <param name="escalateAfter">Steps after which an <see cref="AlertSeverity.Info"/> that lasts becomes a warning.</param>
/// <param name="mutes">What is not told.</param>
internal sealed class AlertGate(long cooldown, long escalateAfter, IReadOnlyList<AlertMute> mutes)
{
    private readonly Dictionary<(string Id, string Layer), Standing> _active = [];

    /// <summary>Takes the finding of a step.</summary>
    /// <returns>The finding as it is to be raised; null when it is no news.</returns>
    public Finding? Admit(Finding finding, long step)
    {
        if (mutes.Any(mute => mute.Covers(finding.Id, finding.Layer)))
            return null;
        var key = (finding.Id, finding.Layer);
        var known = _active.TryGetValue(key, out var standing) && step - standing.LastSeen <= cooldown;
        var since = known ? standing.Since : step;
        if (finding.Severity == AlertSeverity.Info && step - since >= escalateAfter)
        {
            finding = finding with
            {
                Severity = AlertSeverity.Warning,
                Message = $"{finding.Message}; this has lasted {step - since} steps",
            };
        }

        var isNews = !known || finding.Severity > standing.Severity;
        _active[key] = new Standing(isNews ? finding.Severity : standing.Severity, since, step);
        return isNews ? finding : null;
    }

    /// <summary>Saves or restores what stands.</summary>
    public void Persist(StateArchive archive) => archive.Items(
        _active, key => (archive.Value(key.Id), archive.Value(key.Layer)),
        standing => new Standing((AlertSeverity)archive.Value((int)standing.Severity), archive.Value(standing.Since), archive.Value(standing.LastSeen)));

    private readonly record struct Standing(AlertSeverity Severity, long Since, long LastSeen);
}
