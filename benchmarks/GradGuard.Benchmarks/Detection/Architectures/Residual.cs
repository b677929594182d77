using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>Blocks x + f(x) of two linear layers each, with layer norm before them if asked for.</summary>
internal sealed record Residual : Architecture
{
    public override string Family => "residual";

    public override InputKind Input => InputKind.Vector;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return new("stem", Linear(task.Features, Width));
        for (var block = 1; block <= Depth; block++)
            yield return new($"block{block}", new Block(Width, Activation, Normalised));
        yield return new("head", Linear(Width, task.Outputs));
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly LayerNorm? norm;
        private readonly Linear expand;
        private readonly Module<Tensor, Tensor> act;
        private readonly Linear contract;

        public Block(long width, Nonlinearity activation, bool normalised)
            : base(nameof(Block))
        {
            norm = normalised ? LayerNorm(width) : null;
            expand = activation.LinearBefore(width, 2 * width);
            act = activation.Module();
            contract = Linear(2 * width, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
            => input + contract.call(act.call(expand.call(norm is null ? input : norm.call(input))));
    }
}
