using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Gradients clipped at a norm that cuts some of them, mostly early ones.</summary>
internal sealed class Clipped : HardCase
{
    private const double MaxNorm = 1;

    public override string Name => "clipping now and then";

    public override void AfterBackward(nn.Module<Tensor, Tensor> model, GradientMonitor? monitor) => Clipping.Clip(model, monitor, MaxNorm);
}
