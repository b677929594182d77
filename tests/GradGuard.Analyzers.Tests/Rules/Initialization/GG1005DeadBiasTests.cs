using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Initialization;

namespace GradGuard.Analyzers.Tests.Rules.Initialization;

public class GG1005DeadBiasTests
{
    [Fact]
    public Task ForABiasFarBelowTheSpread_TellsTheDeadShare() => Rule.FindsAsync(
        Network("{|#0:init.constant_(_hidden.bias, -8)|};", "functional.relu(_hidden.call(x))"),
        "GG1005",
        "A bias of -8 puts the pre-activations of '_hidden' (std 0.58) out of reach: 100% of the ReLU units start dead and get no gradient to recover; "
        + "start it at zero (inputs taken to be of unit RMS)");

    [Theory]
    [InlineData("{|GG1005:init.constant_(_hidden.bias, -8)|};", "functional.relu(_hidden.call(x))")]
    [InlineData("{|GG1005:_hidden.bias.fill_(-5)|};", "_hidden.call(x).relu()")]
    [InlineData("{|GG1005:init.uniform_(_hidden.bias, -9, -7)|};", "maximum(zeros(1), _hidden.call(x))")]
    [InlineData("{|GG1005:init.constant_(_hidden.bias, -8)|};", "functional.relu6(_hidden.call(x))")]
    [InlineData("{|GG1005:init.constant_(_hidden.bias, -8)|};", "_hidden.call(x).clamp(min: 0)")]
    public Task ForARectifierBehindADeadBias_Triggers(string initializer, string hidden) => Rule.FindsAsync(Network(initializer, hidden));

    [Fact]
    public Task ForALayerInASequential_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential _layers;

            public Net() : base("net")
            {
                _layers = Sequential(Linear(784, 128), ReLU(), Linear(128, 10));
                foreach (var child in _layers.children())
                    if (child is Linear linear)
                        {|GG1005:init.constant_(linear.bias, -8)|};
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => _layers.call(x);
        }
        """);

    [Theory]
    [InlineData("nn.Parameter({|GG1005:full(128, -8f)|})")]
    [InlineData("nn.Parameter({|GG1005:torch.ones(128) * -8|})")]
    public Task ForABiasAddedByHand_Triggers(string bias) => Rule.FindsAsync(ByHand(bias));

    [Theory]
    [InlineData("maximum(zeros(1), {|GG1005:W.matmul(x) + b|})")]
    [InlineData("({|GG1005:W.matmul(x) - 10|}).relu()")]
    public Task ForANumberAddedToAProductInAMethod_Triggers(string activation) => Rule.FindsAsync(
        $$"""
        static class Model
        {
            public static Tensor Run(Tensor x)
            {
                var W = randn(100, 784) / Math.Sqrt(784);
                var b = full(100, 1, -10f);
                return {{activation}};
            }
        }
        """);

    [Theory]
    [InlineData("init.zeros_(_hidden.bias);", "functional.relu(_hidden.call(x))")]
    [InlineData("init.constant_(_hidden.bias, -0.1);", "functional.relu(_hidden.call(x))")]
    [InlineData("init.constant_(_hidden.bias, 8);", "functional.relu(_hidden.call(x))")]
    [InlineData("init.constant_(_hidden.bias, -8);", "functional.leaky_relu(_hidden.call(x), 0.1)")]
    [InlineData("init.constant_(_hidden.bias, -8);", "functional.gelu(_hidden.call(x))")]
    [InlineData("init.constant_(_hidden.bias, -8);", "functional.relu(_norm.call(_hidden.call(x)))")]
    [InlineData("init.constant_(_hidden.bias, -2);", "torch.sigmoid(_hidden.call(x))")]
    [InlineData("init.constant_(_hidden.bias, offset());", "functional.relu(_hidden.call(x))")]
    [InlineData("init.constant_(_output.bias, -4.6);", "functional.relu(_hidden.call(x))")]
    public Task ForAMildLeakyNormalizedOrUnknownBias_DoesNotTrigger(string initializer, string hidden) => Rule.FindsAsync(Network(initializer, hidden));

    [Fact]
    public Task ForABiasAddedByHandOfZero_DoesNotTrigger() => Rule.FindsAsync(ByHand("nn.Parameter(zeros(128))"));

    [Fact]
    public Task TheLimit_IsAnOption() => Rule.FindsAsync(
        Network("{|GG1005:init.constant_(_hidden.bias, -1.6)|};", "functional.relu(_hidden.call(x))"),
        editorConfig: "gradguard.max_dead_share = 0.01");

    [Theory]
    [InlineData("init.constant_(_hidden.bias, -", "functional.relu(_hidden.call(x))")]
    [InlineData("init.constant_(_hidden.bias, -8);", "functional.relu(_hidden.call(")]
    [InlineData("init.constant_(missing.bias, -8);", "functional.relu(missing.call(x))")]
    public Task ForHalfWrittenCode_DoesNotThrow(string initializer, string hidden) => Rule.RunsOverHalfWrittenAsync(Network(initializer, hidden));

    [Fact]
    public Task TheFix_StartsTheBiasAtZero() => Rule.FixesAsync<GG1005DeadBiasFix>(
        Network("{|GG1005:init.constant_(_hidden.bias, -8)|}; // dead", "functional.relu(_hidden.call(x))"),
        Network("init.zeros_(_hidden.bias); // dead", "functional.relu(_hidden.call(x))"));

    [Fact]
    public Task TheFix_ReachesEveryBiasAtOnce() => Rule.FixesAsync<GG1005DeadBiasFix>(
        Network("{|GG1005:init.constant_(_hidden.bias, -8)|};", "functional.relu(_hidden.call(x))")
        + Network("{|GG1005:_hidden.bias.fill_(-6)|};", "_hidden.call(x).relu()").Replace("Net", "Other"),
        Network("init.zeros_(_hidden.bias);", "functional.relu(_hidden.call(x))")
        + Network("init.zeros_(_hidden.bias);", "_hidden.call(x).relu()").Replace("Net", "Other"));

    [Fact]
    public Task TheFix_ReachesATensorMadeOnTheSpot() => Rule.FixesAsync<GG1005DeadBiasFix>(
        ByHand("nn.Parameter({|GG1005:torch.full(128, -8f)|})"),
        ByHand("nn.Parameter(init.zeros_(torch.full(128, -8f)))"));

    private static string Network(string initialization, string hidden) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear _hidden = Linear(784, 128);
            private readonly BatchNorm1d _norm = BatchNorm1d(128);
            private readonly Linear _output = Linear(128, 10);

            public Net() : base("net")
            {
                RegisterComponents();
                {{initialization}}
            }

            public override Tensor forward(Tensor x) => _output.call({{hidden}});

            private static double offset() => new Random().NextDouble();
        }
        """;

    private static string ByHand(string bias) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Parameter W = nn.Parameter(randn(784, 128) * Math.Sqrt(2.0 / 784));
            private readonly Parameter b = {{bias}};
            private readonly Linear output = Linear(128, 10);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => output.call(maximum(x.matmul(W) + b, zeros(1)));
        }
        """;
}
