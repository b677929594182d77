using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>A learning rate far too low.</summary>
/// <param name="factor">Over the usual one.</param>
internal sealed class LowRate(double factor) : Fault
{
    public override string Name => "learning rate too low";

    public override IReadOnlyList<string> Symptoms => Standstill;

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => true;

    public override double Rate(double usual, int step) => factor * usual;
}
