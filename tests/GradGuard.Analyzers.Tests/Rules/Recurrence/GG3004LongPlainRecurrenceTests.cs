using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.Recurrence;

public class GG3004LongPlainRecurrenceTests
{
    [Fact]
    public Task ForADefaultRnnOverALongSequence_TellsWhatIsLeft() => Rule.FindsAsync(
        Fused("{|#0:RNN(32, 64, batchFirst: true)|}", 50),
        "GG3004",
        "'_rnn' is a plain RNN over 50 steps: each step back keeps about 0.49 of the gradient, so the first step gets 9.5e-16 of what the last one gets; use an LSTM "
        + "or GRU, or start its recurrent weights orthogonal (inputs taken to be of unit RMS)");

    [Theory]
    [InlineData("RNN(32, 64, batchFirst: true)", 28)]
    [InlineData("RNN(32, 64, nonLinearity: NonLinearities.ReLU, batchFirst: true)", 40)]
    [InlineData("RNN(32, 64, numLayers: 2, batchFirst: true)", 100)]
    public Task ForAFusedLayer_Triggers(string layer, int steps) => Rule.FindsAsync(Fused($$"""{|GG3004:{{layer}}|}""", steps));

    [Fact]
    public Task ForACellInALoop_Triggers() => Rule.FindsAsync(Loop("{|GG3004:RNNCell(32, 32)|}", "40"));

    [Theory]
    [InlineData("RNN(32, 64, batchFirst: true)", 8)]
    [InlineData("LSTM(32, 64, batchFirst: true)", 200)]
    [InlineData("GRU(32, 64, batchFirst: true)", 200)]
    public Task ForShortSequencesAndGatedLayers_DoesNotTrigger(string layer, int steps) => Rule.FindsAsync(Fused(layer, steps));

    [Fact]
    public Task ForOrthogonalWeights_DoesNotTrigger() =>
        Rule.FindsAsync(Fused("RNN(32, 64, nonLinearity: NonLinearities.ReLU, batchFirst: true)", 28, "init.orthogonal_(_rnn.get_weight_hh(0)!);"));

    [Fact]
    public Task ForALengthThatIsNotKnown_DoesNotTrigger() => Rule.FindsAsync(Loop("RNNCell(32, 32)", "x.shape[1]"));

    [Theory]
    [InlineData("RNN(32, ")]
    [InlineData("RNN(missing, 64, batchFirst: true)")]
    [InlineData("RNN()")]
    public Task ForHalfWrittenCode_DoesNotThrow(string layer) => Rule.RunsOverHalfWrittenAsync(Fused(layer, 50));

    private static string Fused(string layer, int steps, string initialization = "") =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly {{TypeOf(layer)}} _rnn = {{layer}};

            public Net() : base("net")
            {
                {{initialization}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => _rnn.call(x.view(-1, {{steps}}, 32)).Item1.select(1, -1);
        }
        """;

    private static string Loop(string cell, string steps) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly RNNCell _cell = {{cell}};

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var h = zeros(x.shape[0], 32);
                for (int t = 0; t < {{steps}}; t++)
                    h = _cell.call(x.select(1, t), h);
                return h;
            }
        }
        """;

    private static string TypeOf(string layer) => layer.Contains("LSTM") ? "LSTM" : layer.Contains("GRU") ? "GRU" : "RNN";
}
