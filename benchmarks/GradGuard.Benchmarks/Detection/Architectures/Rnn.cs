using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>A plain recurrence in one native call, read at its last state. Its recurrent weights start orthogonal.</summary>
internal sealed record Rnn : Architecture
{
    public override string Family => "rnn";

    public override InputKind Input => InputKind.Sequence;

    public override bool IsRecurrent => true;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return new("read", new LastState(task.Features, Width, Activation == Nonlinearity.Relu));
        yield return new("head", Linear(Width, task.Outputs));
    }

    private sealed class LastState : Module<Tensor, Tensor>
    {
        private readonly RNN rnn;

        public LastState(long inputs, long width, bool rectifies)
            : base(nameof(LastState))
        {
            rnn = RNN(inputs, width, nonLinearity: rectifies ? NonLinearities.ReLU : NonLinearities.Tanh, batchFirst: true);
            init.orthogonal_(rnn.get_weight_hh(0)!);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var (states, _) = rnn.call(input);
            return states.select(1, -1);
        }
    }
}
