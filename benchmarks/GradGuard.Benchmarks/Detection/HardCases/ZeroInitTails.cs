using GradGuard.Benchmarks.Detection.Architectures;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>The last layer of each residual block starts at zero, so that the model starts as the identity.</summary>
internal sealed class ZeroInitTails : HardCase
{
    public override string Name => "zero-init residual tails";

    public override bool Fits(Architecture architecture) => architecture is Residual or Transformer;

    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.Contains("contract", StringComparison.Ordinal) || name.Contains("project", StringComparison.Ordinal))
                parameter.zero_();
        }
    }
}
