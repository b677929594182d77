using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>A loop over the time steps that calls a cell: a plain one, or an LSTM's where <see cref="IsGated"/>.</summary>
internal sealed record CellLoop : Architecture
{
    /// <summary>True for the gated cell.</summary>
    public bool IsGated { get; init; }

    public override string Family => IsGated ? "lstm cell" : "rnn cell";

    public override InputKind Input => InputKind.Sequence;

    public override bool IsRecurrent => true;

    public override double RateFactor => IsGated ? 3 : 1;

    public override IEnumerable<Stage> Build(LearningTask task)
    {
        yield return IsGated ? new("loop", new GatedLoop(task.Features, Width)) : new("loop", new PlainLoop(task.Features, Width, Activation == Nonlinearity.Relu));
        yield return new("head", Linear(Width, task.Outputs));
    }

    private sealed class PlainLoop : Module<Tensor, Tensor>
    {
        private readonly RNNCell cell;
        private readonly long width;

        public PlainLoop(long inputs, long width, bool rectifies)
            : base(nameof(PlainLoop))
        {
            this.width = width;
            cell = RNNCell(inputs, width, rectifies ? NonLinearities.ReLU : NonLinearities.Tanh);
            init.orthogonal_(cell.weight_hh!);
            RegisterComponents();
        }

        public override Tensor forward(Tensor sequence)
        {
            var state = zeros(sequence.shape[0], width);
            for (long t = 0; t < sequence.shape[1]; t++)
                state = cell.call(sequence.select(1, t), state);
            return state;
        }
    }

    private sealed class GatedLoop : Module<Tensor, Tensor>
    {
        private readonly LSTMCell cell;
        private readonly long width;

        public GatedLoop(long inputs, long width)
            : base(nameof(GatedLoop))
        {
            this.width = width;
            cell = LSTMCell(inputs, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor sequence)
        {
            var (state, memory) = (zeros(sequence.shape[0], width), zeros(sequence.shape[0], width));
            for (long t = 0; t < sequence.shape[1]; t++)
                (state, memory) = cell.call(sequence.select(1, t), (state, memory));
            return state;
        }
    }
}
