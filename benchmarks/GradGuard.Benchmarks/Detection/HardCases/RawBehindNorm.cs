using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Inputs far from zero and hundreds wide, into a model that begins with a batch norm.</summary>
internal sealed class RawBehindNorm : HardCase
{
    public override string Name => "raw inputs behind a norm";

    public override bool Fits(Architecture architecture) => architecture.Input == InputKind.Vector;

    public override void Rewire(List<Stage> stages)
        => stages.Insert(0, new Stage("scale", nn.BatchNorm1d(stages[0].Module.parameters().First().shape[1])));

    public override Tensor Feed(Tensor inputs) => (100 * inputs) + 200;
}
