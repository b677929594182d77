using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>A GRU in one native call, read at its last state.</summary>
internal sealed record Gru : Architecture
{
    public override string Family => "gru";

    public override InputKind Input => InputKind.Sequence;

    public override bool IsRecurrent => true;

    public override double RateFactor => 3;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return new("read", new LastState(task.Features, Width));
        yield return new("head", Linear(Width, task.Outputs));
    }

    private sealed class LastState : Module<Tensor, Tensor>
    {
        private readonly GRU gru;

        public LastState(long inputs, long width)
            : base(nameof(LastState))
        {
            gru = GRU(inputs, width, batchFirst: true);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var (states, _) = gru.call(input);
            return states.select(1, -1);
        }
    }
}
