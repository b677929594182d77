namespace GradGuard.Monitor.Testing;

/// <summary>What a <see cref="TrainingAssert"/> fails on, and how it looks.</summary>
public sealed class TrainingAssertOptions
{
    /// <summary>The lowest severity of an alert that fails the test.</summary>
    public AlertSeverity FailOn { get; init; } = AlertSeverity.Warning;

    /// <summary>
    /// Findings that are known and accepted, by catalogue number and layer. <c>GG9011</c> also stands for a layer that could not be looked at.
    /// A loss that is NaN or infinite is never accepted.
    /// </summary>
    public IReadOnlyList<AlertMute> Ignore { get; init; } = [];

    /// <summary>
    /// How the monitor looks, and where it writes. By default it reads every step, so that a test gives the same result on any machine: keep
    /// <see cref="GradientMonitorOptions.SampleEvery"/> set in options of your own.
    /// </summary>
    public GradientMonitorOptions Monitor { get; init; } = new() { SampleEvery = 1 };
}
