namespace GradGuard.Monitor.Sampling;

/// <summary>Which steps are to be read.</summary>
/// <param name="Next">The next one, unless a dense stretch comes before it.</param>
/// <param name="Turn">Its place in the cycle of depths.</param>
/// <param name="DenseUntil">Every step before this one.</param>
/// <param name="LastSuspicion">When something last looked wrong.</param>
internal readonly record struct SamplingPlan(long Next, int Turn, long DenseUntil, long LastSuspicion);
