using GradGuard.Monitor;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>One training step.</summary>
/// <param name="Seconds">What it took.</param>
/// <param name="Own">Seconds of those in the monitor's own calls, its hooks included, by its clock.</param>
/// <param name="Depth">How deep the monitor read it.</param>
internal readonly record struct TimedStep(double Seconds, double Own, ReadingDepth Depth)
{
    /// <summary>True when it was read at all.</summary>
    public bool Read => Depth != ReadingDepth.Nothing;
}
