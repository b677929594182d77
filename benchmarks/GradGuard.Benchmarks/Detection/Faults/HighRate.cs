using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>A learning rate far too high.</summary>
/// <param name="factor">Over the usual one.</param>
internal sealed class HighRate(double factor) : Fault
{
    public override string Name => "learning rate too high";

    public override IReadOnlyList<string> Symptoms => Explosion;

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => true;

    public override double Rate(double usual, int step) => factor * usual;
}
