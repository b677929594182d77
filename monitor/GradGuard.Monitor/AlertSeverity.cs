namespace GradGuard.Monitor;

/// <summary>How much an <see cref="Alert"/> matters, in rising order.</summary>
public enum AlertSeverity
{
    /// <summary>Worth knowing; training may well be fine.</summary>
    Info,

    /// <summary>Training is impaired: part of the network learns little or nothing.</summary>
    Warning,

    /// <summary>Training is broken, or about to be: the result of this run is not to be trusted.</summary>
    Critical,
}
