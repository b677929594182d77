using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>Inputs that nobody normalised: far from zero and hundreds wide.</summary>
internal sealed class RawInputs : Fault
{
    private const double Scale = 100;
    private const double Shift = 200;

    public override string Name => "unnormalised inputs";

    public override IReadOnlyList<string> Symptoms => ["GG9010", .. Explosion];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => task.Input is InputKind.Vector or InputKind.Image or InputKind.Sequence;

    public override Tensor Feed(Tensor inputs) => (Scale * inputs) + Shift;
}
