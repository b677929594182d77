using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>A dense network: linear layers, batch norm if asked for, a non-linearity.</summary>
internal sealed record Mlp : Architecture
{
    public override string Family => "mlp";

    public override InputKind Input => InputKind.Vector;

    public override bool IsChain => true;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        long from = task.Features;
        for (var layer = 1; layer <= Depth; layer++)
        {
            yield return new($"fc{layer}", Activation.LinearBefore(from, Width));
            if (Normalised)
                yield return new($"norm{layer}", BatchNorm1d(Width));
            yield return new($"act{layer}", Activation.Module());
            from = Width;
        }

        yield return new("head", Linear(from, task.Outputs));
    }
}
