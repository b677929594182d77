using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>A last layer that starts a hundred times smaller than usual, so that the first answers are all alike.</summary>
internal sealed class SmallHead : HardCase
{
    private const double Factor = 0.01;

    public override string Name => "small last layer";

    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        model.named_modules().Select(static named => named.module).OfType<Linear>().Last().weight.mul_(Factor);
    }
}
