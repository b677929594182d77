using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>A recurrence written as a loop over two linear layers. Its recurrent weights start orthogonal.</summary>
internal sealed record HandWrittenRecurrence : Architecture
{
    public override string Family => "hand-written";

    public override InputKind Input => InputKind.Sequence;

    public override bool IsRecurrent => true;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return new("loop", new Loop(task.Features, Width, Activation));
        yield return new("head", Linear(Width, task.Outputs));
    }

    private sealed class Loop : Module<Tensor, Tensor>
    {
        private readonly Linear input;
        private readonly Linear recurrent;
        private readonly Module<Tensor, Tensor> act;
        private readonly long width;

        public Loop(long inputs, long width, Nonlinearity activation)
            : base(nameof(Loop))
        {
            this.width = width;
            input = Linear(inputs, width);
            recurrent = Linear(width, width, hasBias: false);
            act = activation.Module();
            init.orthogonal_(recurrent.weight);
            RegisterComponents();
        }

        public override Tensor forward(Tensor sequence)
        {
            var read = input.call(sequence);
            var state = zeros(sequence.shape[0], width);
            for (long t = 0; t < sequence.shape[1]; t++)
                state = act.call(recurrent.call(state) + read.select(1, t));
            return state;
        }
    }
}
