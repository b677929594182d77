using System.Diagnostics;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>Time that passes only while one training run has its turn: a monitor must not take the other runs' turns for its own training's time.</summary>
internal sealed class TrainingClock : TimeProvider
{
    private readonly Stopwatch _running = new();

    /// <inheritdoc/>
    public override long TimestampFrequency => Stopwatch.Frequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => _running.ElapsedTicks;

    /// <summary>The run's turn begins.</summary>
    public void Start() => _running.Start();

    /// <summary>The run's turn ends.</summary>
    public void Stop() => _running.Stop();
}
