namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Training that goes on long after it has converged, at a falling rate.</summary>
internal sealed class Converged : HardCase
{
    public override string Name => "converged";

    public override int StepsBefore => 500;

    public override double Rate(double usual, int step) => usual * Math.Pow(0.98, step);
}
