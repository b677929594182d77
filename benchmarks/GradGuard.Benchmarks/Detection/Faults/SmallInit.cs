using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>Weights far too small in every hidden layer of a chain: neither signal nor gradient gets through.</summary>
/// <param name="factor">What the fresh weights are multiplied by.</param>
internal sealed class SmallInit(double factor) : Fault
{
    public override string Name => "small init";

    public override IReadOnlyList<string> Symptoms => ["GG9003", "GG9010", "GG9008", "GG9006"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer)
        => architecture is { IsChain: true, Normalised: false };

    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        foreach (var (_, weight, _) in model.HiddenLayers())
            weight.mul_(factor);
    }

    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => [.. model.HiddenLayers().Select(static layer => layer.Path)];
}
