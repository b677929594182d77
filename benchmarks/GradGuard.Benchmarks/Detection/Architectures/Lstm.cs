using GradGuard.Benchmarks.Detection.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>An LSTM in one native call, read at its last state. Its forget gates start open, with a bias of 1.</summary>
internal sealed record Lstm : Architecture
{
    public override string Family => "lstm";

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
        private readonly LSTM lstm;

        public LastState(long inputs, long width)
            : base(nameof(LastState))
        {
            lstm = LSTM(inputs, width, batchFirst: true);
            using (no_grad())
            {
                // The gates lie one after another in the bias: input, forget, cell, output.
                var bias = lstm.named_parameters().First(static named => named.name == "bias_ih_l0").parameter;
                using var forget = bias.narrow(0, width, width);
                forget.fill_(1);
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var (states, _, _) = lstm.call(input);
            return states.select(1, -1);
        }
    }
}
