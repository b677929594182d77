using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Initialization;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Rules.Initialization;

public class GG1006ZeroWeightsTests
{
    private const string Plain = "_output.call(torch.tanh(_hidden.call(x)))";

    [Theory]
    [InlineData("{|GG1006:init.zeros_(_hidden.weight)|}; init.zeros_(_output.weight);", Plain)]
    [InlineData("{|GG1006:init.constant_(_hidden.weight, 0)|}; _output.weight.zero_();", Plain)]
    [InlineData("foreach (var layer in new[] { _hidden, _output }) {|GG1006:init.zeros_(layer.weight)|};", Plain)]
    [InlineData("{|GG1006:init.zeros_(_hidden.weight)|}; init.zeros_(_hidden.bias);", "_output.call(functional.relu(_hidden.call(x)))")]
    public Task ForALayerThatCannotLearn_Triggers(string initializer, string forward) => Rule.FindsAsync(Network(initializer, forward));

    [Fact]
    public Task TheMessage_NamesTheLayerBehind() => Rule.FindsAsync(
        Network("{|#0:init.zeros_(_hidden.weight)|}; init.zeros_(_output.weight);", Plain),
        "GG1006",
        "Every weight of '_hidden' starts at zero: so do those of '_output' behind it, and no gradient reaches it; draw the weights at random instead "
        + "(xavier_uniform_)");

    [Fact]
    public Task ForParametersOfZeros_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Parameter _w = nn.Parameter({|GG1006:zeros(64, 32)|});
            private readonly Parameter _v = nn.Parameter(zeros(32, 10));

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => x.matmul(_w).relu().matmul(_v);
        }
        """);

    [Fact]
    public Task ForOneZeroedLayerBetweenRandomOnes_Suggests() => Rule.FindsAsync(
        Network("{|#0:init.zeros_(_hidden.weight)|};", Plain),
        "GG1006",
        DiagnosticSeverity.Info);

    [Theory]
    [InlineData("init.zeros_(_output.weight);", Plain)]
    [InlineData("init.zeros_(_output.weight); init.zeros_(_output.bias); init.zeros_(_hidden.bias);", Plain)]
    [InlineData("init.zeros_(_tail.weight); init.zeros_(_tail.bias);", "_output.call(x + _tail.call(functional.relu(x)))")]
    [InlineData("init.zeros_(_tail.weight);", "_output.call(x * _tail.call(x))")]
    [InlineData("init.zeros_(_norm.weight);", "_output.call(functional.relu(_norm.call(_hidden.call(x))))")]
    [InlineData("init.zeros_(_hidden.weight); init.xavier_uniform_(_hidden.weight);", Plain)]
    public Task ForOutputsResidualTailsGatesAndNorms_DoesNotTrigger(string initializer, string forward) => Rule.FindsAsync(Network(initializer, forward));

    [Fact]
    public Task ForASoftmaxRegression_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear _only = Linear(784, 10);

            public Net() : base("net")
            {
                RegisterComponents();
                init.zeros_(_only.weight);
            }

            public override Tensor forward(Tensor x) => functional.log_softmax(_only.call(x), 1);
        }
        """);

    [Theory]
    [InlineData("init.zeros_(_hidden.", Plain)]
    [InlineData("init.zeros_(_hidden.weight);", "_output.call(torch.tanh(_hidden.call(")]
    [InlineData("init.zeros_(missing.weight);", "missing.call(x)")]
    public Task ForHalfWrittenCode_DoesNotThrow(string initializer, string forward) => Rule.RunsOverHalfWrittenAsync(Network(initializer, forward));

    [Fact]
    public Task TheFix_DrawsTheHiddenWeights() => Rule.FixesAsync<GG1006ZeroWeightsFix>(
        Network("{|GG1006:init.zeros_(_hidden.weight)|}; /* both */ init.zeros_(_output.weight);", Plain),
        Network("init.xavier_uniform_(_hidden.weight); /* both */ init.zeros_(_output.weight);", Plain));

    [Fact]
    public Task TheFix_ReachesEveryLayerAtOnce() => Rule.FixesAsync<GG1006ZeroWeightsFix>(
        Network("{|GG1006:init.zeros_(_hidden.weight)|}; init.zeros_(_output.weight);", Plain)
        + Network("{|GG1006:_hidden.weight.zero_()|}; init.zeros_(_output.weight);", Plain).Replace("Net", "Other"),
        Network("init.xavier_uniform_(_hidden.weight); init.zeros_(_output.weight);", Plain)
        + Network("init.xavier_uniform_(_hidden.weight); init.zeros_(_output.weight);", Plain).Replace("Net", "Other"));

    private static string Network(string initialization, string forward) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear _hidden = Linear(64, 64);
            private readonly Linear _tail = Linear(64, 64);
            private readonly BatchNorm1d _norm = BatchNorm1d(64);
            private readonly Linear _output = Linear(64, 10);

            public Net() : base("net")
            {
                RegisterComponents();
                {{initialization}}
            }

            public override Tensor forward(Tensor x) => {{forward}};
        }
        """;
}
