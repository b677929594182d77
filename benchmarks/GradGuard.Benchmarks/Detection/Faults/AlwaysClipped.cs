using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>Clipping so tight that every step is clipped: the gradient's size is lost, and training crawls.</summary>
/// <param name="maxNorm">The limit.</param>
internal sealed class AlwaysClipped(double maxNorm) : Fault
{
    public override string Name => "clipping always on";

    public override IReadOnlyList<string> Symptoms => ["GG9012", .. Standstill];

    public override int Steps(int usual) => usual + (usual / 3);

    /// <summary>Not with optimizers that divide the gradient by its own size.</summary>
    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer)
        => optimizer is OptimizerKind.Sgd or OptimizerKind.Momentum;

    public override void AfterBackward(nn.Module<Tensor, Tensor> model, GradientMonitor? monitor) => Clipping.Clip(model, monitor, maxNorm);
}
