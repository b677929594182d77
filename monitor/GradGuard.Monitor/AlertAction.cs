namespace GradGuard.Monitor;

/// <summary>What the monitor does, beyond reporting, when an alert of at least <see cref="GradientMonitorOptions.ActOn"/> is raised.</summary>
public enum AlertAction
{
    /// <summary>Report only. Training goes on.</summary>
    Continue,

    /// <summary>Set <see cref="GradientMonitor.StopRequested"/>, for the training loop to read.</summary>
    Stop,

    /// <summary>Throw a <see cref="GradientAlertException"/> out of <see cref="GradientMonitor.Observe"/>.</summary>
    Throw,
}
