using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>A bias so negative that the ReLU after it never fires.</summary>
/// <param name="bias">The bias of each unit.</param>
/// <param name="everywhere">True for every layer before a ReLU, false for the last of them.</param>
internal sealed class DeadBias(double bias, bool everywhere) : Fault
{
    public override string Name => "dead ReLU bias";

    public override IReadOnlyList<string> Symptoms => ["GG9004", "GG9010"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer)
        => architecture is { Activation: Nonlinearity.Relu, IsRecurrent: false } && !(architecture is { Normalised: true, IsChain: true });

    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        foreach (var (_, _, shift) in Chosen(model))
            shift!.fill_(bias);
    }

    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => [.. Chosen(model).Select(static layer => layer.Path)];

    /// <summary>The units get no gradient at all.</summary>
    public override bool Harmed(RunOutcome faulty, RunOutcome twin)
        => faulty.Culprits.Any(path => faulty.Starved.Contains(path + ".weight"));

    private IReadOnlyList<(string Path, TorchSharp.Modules.Parameter Weight, TorchSharp.Modules.Parameter? Bias)> Chosen(nn.Module model)
    {
        var layers = model.RectifiedLayers();
        return everywhere ? layers : [layers[^1]];
    }
}
