using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>Convolutions over time, and a linear layer over all their outputs.</summary>
internal sealed record TemporalConvolution : Architecture
{
    public override string Family => "temporal";

    public override InputKind Input => InputKind.Sequence;

    public override bool IsChain => true;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return new("channels", new ChannelsFirst());
        long from = task.Features;
        for (var layer = 1; layer <= Depth; layer++)
        {
            var convolution = Conv1d(from, Width, 3, padding: 1L);
            yield return new($"conv{layer}", Activation.Initialised(convolution, convolution.weight, convolution.bias!));
            if (Normalised)
                yield return new($"norm{layer}", BatchNorm1d(Width));
            yield return new($"act{layer}", Activation.Module());
            from = Width;
        }

        yield return new("flatten", Flatten());
        yield return new("head", Linear(from * task.Length, task.Outputs));
    }

    private sealed class ChannelsFirst() : Module<Tensor, Tensor>(nameof(ChannelsFirst))
    {
        public override Tensor forward(Tensor input) => input.transpose(1, 2);
    }
}
