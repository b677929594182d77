namespace GradGuard.Monitor.Testing;

/// <summary>Training is not healthy, or nothing shows that it is; the message says why, a finding after the other.</summary>
public sealed class TrainingAssertException : Exception, IAssertionException
{
    internal TrainingAssertException(string message, IReadOnlyList<Alert> alerts) : base(message) => Alerts = alerts;

    /// <summary>The alerts that the test fails on, in order; empty where it fails for another reason.</summary>
    public IReadOnlyList<Alert> Alerts { get; }
}
