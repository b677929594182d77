using GradGuard.Benchmarks.Detection.Tasks;
using GradGuard.Benchmarks.StepTime;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>A small encoder: embeddings with learned positions, pre-norm blocks, the mean over the tokens into a classifier.</summary>
internal sealed record Transformer : Architecture
{
    private const long Heads = 4;

    public override string Family => "transformer";

    public override InputKind Input => InputKind.Tokens;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return new("embed", new PositionedEmbedding(task.Features, task.Length, Width));
        for (var block = 1; block <= Depth; block++)
            yield return new($"block{block}", new TransformerBlock(Width, Heads));
        yield return new("norm", LayerNorm(Width));
        yield return new("pool", new MeanOverTokens());
        yield return new("head", Linear(Width, task.Outputs));
    }

    private sealed class PositionedEmbedding : Module<Tensor, Tensor>
    {
        private readonly Embedding table;
        private readonly Parameter positions;

        public PositionedEmbedding(long tokens, long length, long width)
            : base(nameof(PositionedEmbedding))
        {
            table = Embedding(tokens, width);
            positions = Parameter(randn(length, width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => table.call(input) + positions;
    }

    private sealed class MeanOverTokens() : Module<Tensor, Tensor>(nameof(MeanOverTokens))
    {
        public override Tensor forward(Tensor input) => input.mean([1L]);
    }
}
