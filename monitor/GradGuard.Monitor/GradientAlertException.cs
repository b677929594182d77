namespace GradGuard.Monitor;

/// <summary>Thrown out of <see cref="GradientMonitor.Observe"/> when <see cref="GradientMonitorOptions.OnAlert"/> is <see cref="AlertAction.Throw"/>.</summary>
public sealed class GradientAlertException : Exception
{
    internal GradientAlertException(Alert alert) : base($"{alert} {alert.Advice}") => Alert = alert;

    /// <summary>The alert that stopped training.</summary>
    public Alert Alert { get; }
}
