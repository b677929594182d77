using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>A chain of sigmoids, each of which costs the gradient a factor of four at least.</summary>
/// <param name="depth">Hidden layers.</param>
internal sealed class SaturatingDepth(int depth) : Fault
{
    public override string Name => "saturating depth";

    public override IReadOnlyList<string> Symptoms => ["GG9003", "GG9010", "GG9008"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer)
        => architecture is { IsChain: true, Normalised: false };

    public override Architecture Redesign(Architecture architecture) => architecture with { Depth = depth, Activation = Nonlinearity.Sigmoid };

    /// <summary>The half nearer the input, which the gradient does not reach.</summary>
    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model)
    {
        var layers = model.HiddenLayers();
        return [.. layers.Take((layers.Count + 1) / 2).Select(static layer => layer.Path)];
    }
}
