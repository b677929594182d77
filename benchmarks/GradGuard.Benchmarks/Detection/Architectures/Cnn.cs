using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>3×3 convolutions, pooled twice, and a classifier; batch norm after each convolution if asked for.</summary>
internal sealed record Cnn : Architecture
{
    private const int Poolings = 2;

    public override string Family => "cnn";

    public override InputKind Input => InputKind.Image;

    public override bool IsChain => true;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        long from = 1, size = task.Features;
        for (var layer = 1; layer <= Depth; layer++)
        {
            var convolution = Conv2d(from, Width, 3, padding: 1);
            yield return new($"conv{layer}", Activation.Initialised(convolution, convolution.weight, convolution.bias!));
            if (Normalised)
                yield return new($"norm{layer}", BatchNorm2d(Width));
            yield return new($"act{layer}", Activation.Module());
            if (layer <= Poolings)
            {
                yield return new($"pool{layer}", MaxPool2d(2));
                size /= 2;
            }

            from = Width;
        }

        yield return new("flatten", Flatten());
        yield return new("head", Linear(from * size * size, task.Outputs));
    }
}
