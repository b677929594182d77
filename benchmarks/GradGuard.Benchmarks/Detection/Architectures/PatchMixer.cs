using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>An image as rows of pixels, mixed across rows and across features in turn, each around a residual connection with layer norm.</summary>
internal sealed record PatchMixer : Architecture
{
    public override string Family => "mixer";

    public override InputKind Input => InputKind.Image;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return new("rows", new Rows(task.Features, Width));
        for (var block = 1; block <= Depth; block++)
            yield return new($"block{block}", new Block(task.Features, Width, Activation));
        yield return new("flatten", Flatten());
        yield return new("head", Linear(task.Features * Width, task.Outputs));
    }

    private sealed class Rows : Module<Tensor, Tensor>
    {
        private readonly Linear embed;

        public Rows(long size, long width)
            : base(nameof(Rows))
        {
            embed = Linear(size, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor image) => embed.call(image.squeeze(1));
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly LayerNorm before;
        private readonly Linear across;
        private readonly Module<Tensor, Tensor> act;
        private readonly LayerNorm between;
        private readonly Linear expand;
        private readonly Module<Tensor, Tensor> wide;
        private readonly Linear contract;

        public Block(long rows, long width, Nonlinearity activation)
            : base(nameof(Block))
        {
            before = LayerNorm(width);
            across = activation.LinearBefore(rows, rows);
            act = activation.Module();
            between = LayerNorm(width);
            expand = activation.LinearBefore(width, 2 * width);
            wide = activation.Module();
            contract = Linear(2 * width, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var mixed = input + act.call(across.call(before.call(input).transpose(1, 2))).transpose(1, 2);
            return mixed + contract.call(wide.call(expand.call(between.call(mixed))));
        }
    }
}
