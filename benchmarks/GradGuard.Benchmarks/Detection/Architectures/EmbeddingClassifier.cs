using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>A bag of words: the mean of the tokens' embeddings into a dense network.</summary>
internal sealed record EmbeddingClassifier : Architecture
{
    public override string Family => "embedding";

    public override InputKind Input => InputKind.Tokens;

    public override bool IsChain => true;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return new("embed", new MeanEmbedding(task.Features, Width));
        for (var layer = 1; layer <= Depth; layer++)
        {
            yield return new($"fc{layer}", Activation.LinearBefore(Width, Width));
            yield return new($"act{layer}", Activation.Module());
        }

        yield return new("head", Linear(Width, task.Outputs));
    }

    private sealed class MeanEmbedding : Module<Tensor, Tensor>
    {
        private readonly Embedding table;

        public MeanEmbedding(long tokens, long width)
            : base(nameof(MeanEmbedding))
        {
            table = Embedding(tokens, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => table.call(input).mean([1L]);
    }
}
