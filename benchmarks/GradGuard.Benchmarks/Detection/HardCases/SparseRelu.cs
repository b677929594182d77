using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Wide ReLU layers whose bias keeps most outputs at zero, though each unit fires for somebody.</summary>
internal sealed class SparseRelu : HardCase
{
    private const double Bias = -1;

    public override string Name => "sparse ReLU";

    /// <summary>Where the layer reads inputs of unit size: beside smaller ones the bias would silence units for good.</summary>
    public override bool Fits(Architecture architecture)
        => architecture is { Activation: Nonlinearity.Relu, Depth: <= 3, Normalised: false, Input: InputKind.Vector or InputKind.Image };

    public override Architecture Redesign(Architecture architecture)
        => architecture.Input == InputKind.Image ? architecture : architecture with { Width = 2 * architecture.Width };

    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        foreach (var (_, _, bias) in model.RectifiedLayers().Take(1))
            bias!.fill_(Bias);
    }
}
