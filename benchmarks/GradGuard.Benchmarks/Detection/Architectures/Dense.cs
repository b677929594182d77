using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>Dense connections: each layer reads the input and the outputs of all layers before it.</summary>
internal sealed record Dense : Architecture
{
    public override string Family => "dense";

    public override InputKind Input => InputKind.Vector;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        long from = task.Features;
        for (var layer = 1; layer <= Depth; layer++)
        {
            yield return new($"grow{layer}", new Growth(from, Width, Activation));
            from += Width;
        }

        yield return new("head", Linear(from, task.Outputs));
    }

    private sealed class Growth : Module<Tensor, Tensor>
    {
        private readonly Linear add;
        private readonly Module<Tensor, Tensor> act;

        public Growth(long inputs, long width, Nonlinearity activation)
            : base(nameof(Growth))
        {
            add = activation.LinearBefore(inputs, width);
            act = activation.Module();
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => cat([input, act.call(add.call(input))], 1);
    }
}
