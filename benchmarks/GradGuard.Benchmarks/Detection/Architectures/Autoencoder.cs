using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>A dense encoder down to a code of eight numbers and a decoder back, of <see cref="Architecture.Depth"/> hidden layers each.</summary>
internal sealed record Autoencoder : Architecture
{
    private const long Code = 8;

    public override string Family => "autoencoder";

    public override InputKind Input => InputKind.Curve;

    public override bool IsChain => true;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        long from = task.Features;
        for (var layer = 1; layer <= Depth; layer++)
        {
            yield return new($"encode{layer}", Activation.LinearBefore(from, Width));
            yield return new($"actE{layer}", Activation.Module());
            from = Width;
        }

        yield return new("code", Linear(from, Code));
        from = Code;
        for (var layer = 1; layer <= Depth; layer++)
        {
            yield return new($"decode{layer}", Activation.LinearBefore(from, Width));
            yield return new($"actD{layer}", Activation.Module());
            from = Width;
        }

        yield return new("out", Linear(from, task.Outputs));
    }
}
