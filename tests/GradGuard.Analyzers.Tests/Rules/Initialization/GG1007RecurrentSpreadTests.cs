using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Initialization;

namespace GradGuard.Analyzers.Tests.Rules.Initialization;

public class GG1007RecurrentSpreadTests
{
    private const string ReluRnn = "RNN(28, 64, nonLinearity: NonLinearities.ReLU, batchFirst: true)";
    private const string TanhRnn = "RNN(28, 64, batchFirst: true)";

    [Fact]
    public Task ForAWideStart_TellsRadiusAndGrowth() => Rule.FindsAsync(
        Network(ReluRnn, "{|#0:init.normal_(_rnn.get_weight_hh(0)!, std: 0.25)|};"),
        "GG1007",
        "Recurrent weights of '_rnn' (spectral radius about 2) multiply the gradient by about 1.4 at each step back, ×11585 over 28 steps; start them "
        + "orthogonal (inputs taken to be of unit RMS)");

    [Theory]
    [InlineData(ReluRnn, "{|GG1007:init.normal_(_rnn.get_weight_hh(0)!, 0, 1)|};")]
    [InlineData(ReluRnn, "{|GG1007:init.uniform_(_rnn.get_weight_hh(0)!, -1, 1)|};")]
    [InlineData(TanhRnn, "{|GG1007:init.normal_(_rnn.get_weight_hh(0)!, 0, 1)|};")]
    [InlineData(TanhRnn, "{|GG1007:init.normal_(_rnn.get_weight_hh(0)!, 0, 0.01)|};")]
    public Task ForWeightsThatExplodeOrVanishThroughTime_Triggers(string layer, string initializer) => Rule.FindsAsync(Network(layer, initializer));

    [Theory]
    [InlineData("init.normal_(_step.weight, 0, 0.5)", "functional.relu(_step.call(h) + x.select(1, t))")]
    [InlineData("_step.weight.normal_(0, 0.5)", "torch.tanh(_step.call(h) + x.select(1, t))")]
    public Task ForALinearLayerInALoop_Triggers(string initializer, string step) => Rule.FindsAsync(Loop($$"""{|GG1007:{{initializer}}|};""", step));

    [Theory]
    [InlineData(ReluRnn, "init.orthogonal_(_rnn.get_weight_hh(0)!);")]
    [InlineData(TanhRnn, "init.orthogonal_(_rnn.get_weight_hh(0)!);")]
    [InlineData(TanhRnn, "init.xavier_uniform_(_rnn.get_weight_hh(0)!);")]
    public Task ForFittingWeights_DoesNotTrigger(string layer, string initializer) => Rule.FindsAsync(Network(layer, initializer));

    [Theory]
    [InlineData("")]
    [InlineData("init.normal_(_rnn.get_weight_ih(0)!, 0, 0.01);")]
    public Task ForDefaultRecurrentWeights_DoesNotTrigger(string initializer) =>
        Rule.FindsAsync(Network(TanhRnn, initializer).Replace("-1, 28, 28", "-1, 12, 28"));

    [Theory]
    [InlineData("RNNCell(64, 64)", "{|GG1007:init.normal_(_cell.weight_hh!, 0, 1)|};")]
    [InlineData("GRUCell(64, 64)", "{|GG1007:init.normal_(_cell.weight_hh!, 0, 10)|};")]
    [InlineData("RNNCell(64, 64)", "init.orthogonal_(_cell.weight_hh!);")]
    [InlineData("GRUCell(64, 64)", "init.normal_(_cell.weight_hh!, 0, 0.01);")]
    public Task ForACellInALoop_JudgesTheMatrixAndNotTheGates(string cell, string initializer) => Rule.FindsAsync(
        Loop(initializer, "_cell.call(x.select(1, t), h)").Replace("Linear _step = Linear(64, 64)", $"{cell[..cell.IndexOf('(')]} _cell = {cell}"));

    [Theory]
    [InlineData("", "torch.tanh(_step.call(h) + x.select(1, t))")]
    [InlineData("init.orthogonal_(_step.weight);", "torch.tanh(_step.call(h) + x.select(1, t))")]
    [InlineData("init.normal_(_step.weight, 0, 0.02);", "h + torch.tanh(_step.call(h))")]
    public Task ForALoopThatKeepsTheGradient_DoesNotTrigger(string initializer, string step) => Rule.FindsAsync(Loop(initializer, step));

    [Theory]
    [InlineData("init.normal_(_rnn.get_weight_hh(")]
    [InlineData("init.normal_(_rnn.get_weight_hh(0), std: );")]
    [InlineData("init.normal_(missing.get_weight_hh(0), 0, 1);")]
    public Task ForHalfWrittenCode_DoesNotThrow(string initializer) => Rule.RunsOverHalfWrittenAsync(Network(TanhRnn, initializer));

    [Fact]
    public Task TheFix_StartsTheWeightsOrthogonal() => Rule.FixesAsync<GG1007RecurrentSpreadFix>(
        Network(TanhRnn, "{|GG1007:init.normal_(_rnn.get_weight_hh(0)!, 0, 1)|}; // wide"),
        Network(TanhRnn, "init.orthogonal_(_rnn.get_weight_hh(0)!); // wide"));

    [Fact]
    public Task TheFix_ReachesEveryLayerAtOnce() => Rule.FixesAsync<GG1007RecurrentSpreadFix>(
        Network(TanhRnn, "{|GG1007:init.normal_(_rnn.get_weight_hh(0)!, 0, 1)|};")
        + Network(TanhRnn, "{|GG1007:_rnn.get_weight_hh(0)!.normal_(0, 2)|};").Replace("Net", "Other"),
        Network(TanhRnn, "init.orthogonal_(_rnn.get_weight_hh(0)!);")
        + Network(TanhRnn, "init.orthogonal_(_rnn.get_weight_hh(0)!);").Replace("Net", "Other"));

    private static string Network(string layer, string initialization) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly {{layer[..layer.IndexOf('(')]}} _rnn = {{layer}};

            public Net() : base("net")
            {
                {{initialization}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => _rnn.call(x.view(-1, 28, 28)).Item1.select(1, -1);
        }
        """;

    private static string Loop(string initialization, string step) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear _step = Linear(64, 64);

            public Net() : base("net")
            {
                {{initialization}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var h = zeros(x.shape[0], 64);
                for (int t = 0; t < 30; t++)
                    h = {{step}};
                return h;
            }
        }
        """;
}
