using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>Gradients are never zeroed: each step repeats all before it.</summary>
internal sealed class MissingZeroGrad : Fault
{
    public override string Name => "missing zero_grad";

    public override IReadOnlyList<string> Symptoms => Explosion;

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => true;

    public override bool ZeroesGradients(int step) => false;
}
