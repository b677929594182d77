using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>Recurrent weights whose products grow from step to step.</summary>
/// <param name="factor">What the fresh recurrent weights are multiplied by.</param>
internal sealed class ExplodingRecurrence(double factor) : Fault
{
    public override string Name => "exploding recurrence";

    public override IReadOnlyList<string> Symptoms => ["GG9009", "GG9002", "GG9001", "GG9005", "GG9010"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => architecture.IsRecurrent;

    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        foreach (var (_, weight) in model.Recurrences())
            weight.mul_(factor);
    }

    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => [.. model.Recurrences().Select(static layer => layer.Path)];
}
