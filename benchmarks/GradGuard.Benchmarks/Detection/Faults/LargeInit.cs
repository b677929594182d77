using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>Weights far too large: of every hidden layer, or of one in the middle.</summary>
/// <param name="factor">What the fresh weights are multiplied by.</param>
/// <param name="everywhere">True for every hidden layer.</param>
internal sealed class LargeInit(double factor, bool everywhere) : Fault
{
    public override string Name => everywhere ? "large init" : "large init of one layer";

    public override IReadOnlyList<string> Symptoms => ["GG9005", "GG9002", "GG9010", "GG9004", "GG9007", "GG9001"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer)
        => !architecture.IsRecurrent && !architecture.Normalised;

    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        foreach (var (_, weight, _) in Chosen(model))
            weight.mul_(factor);
    }

    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => [.. Chosen(model).Select(static layer => layer.Path)];

    private IReadOnlyList<(string Path, TorchSharp.Modules.Parameter Weight, TorchSharp.Modules.Parameter? Bias)> Chosen(nn.Module model)
    {
        var layers = model.HiddenLayers();
        return everywhere ? layers : [layers[layers.Count / 2]];
    }
}
