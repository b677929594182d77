namespace GradGuard.Benchmarks.StepTime;

/// <summary>One training step.</summary>
/// <param name="Seconds">What it took.</param>
/// <param name="Read">True when the monitor read it whole.</param>
internal readonly record struct TimedStep(double Seconds, bool Read);
