using GradGuard.Monitor;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>One training step.</summary>
/// <param name="Seconds">What it took.</param>
/// <param name="Depth">How deep the monitor read it.</param>
internal readonly record struct TimedStep(double Seconds, ReadingDepth Depth)
{
    /// <summary>True when it was read at all.</summary>
    public bool Read => Depth != ReadingDepth.Nothing;
}
