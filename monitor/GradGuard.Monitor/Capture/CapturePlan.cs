namespace GradGuard.Monitor.Capture;

/// <summary>How much of the coming step is captured, in rising order of cost.</summary>
internal enum CapturePlan
{
    /// <summary>Nothing but the fact that a module was called.</summary>
    Idle,

    /// <summary>Outputs are held, unread, so that the first NaN finds its producer.</summary>
    Trace,

    /// <summary>Outputs are read.</summary>
    Outputs,

    /// <summary>Outputs are read and their gradients retained.</summary>
    Gradients,
}
