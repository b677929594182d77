using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>A loss multiplied by a constant that nobody divides out again.</summary>
/// <param name="factor">The constant.</param>
internal sealed class WrongLossScale(double factor) : Fault
{
    public override string Name => factor > 1 ? "loss scaled up" : "loss scaled down";

    public override IReadOnlyList<string> Symptoms => factor > 1 ? Explosion : [.. Standstill, "GG9003"];

    /// <summary>Not with optimizers that divide the gradient by its own size.</summary>
    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer)
        => optimizer is OptimizerKind.Sgd or OptimizerKind.Momentum;

    public override Tensor Loss(LearningTask task, Tensor output, Tensor targets) => factor * task.Loss(output, targets);
}
