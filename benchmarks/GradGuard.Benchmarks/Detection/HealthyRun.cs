using GradGuard.Benchmarks.Detection.Programs;

namespace GradGuard.Benchmarks.Detection;

/// <summary>A run of a healthy program. It counts where it trains.</summary>
internal sealed record HealthyRun(TrainingProgram Program, RunOutcome Outcome);
