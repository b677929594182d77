using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Wide ReLU layers whose bias keeps most outputs at zero, though each unit fires for somebody.</summary>
internal sealed class SparseRelu : HardCase
{
    private const double Bias = -1;

    public override string Name => "sparse ReLU";

    public override bool Fits(Architecture architecture)
        => architecture is { Activation: Nonlinearity.Relu, IsRecurrent: false, Depth: <= 3 } && !(architecture is { Normalised: true, IsChain: true });

    public override Architecture Redesign(Architecture architecture)
        => architecture.Input == Tasks.InputKind.Image ? architecture : architecture with { Width = 2 * architecture.Width };

    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        foreach (var (_, _, bias) in model.RectifiedLayers().Take(1))
            bias!.fill_(Bias);
    }
}
