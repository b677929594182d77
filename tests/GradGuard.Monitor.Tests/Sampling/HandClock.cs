namespace GradGuard.Monitor.Tests.Sampling;

/// <summary>A clock that a test sets, in milliseconds.</summary>
internal sealed class HandClock : TimeProvider
{
    public long Now { get; set; }

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Now;
}
