using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Initialization;

namespace GradGuard.Analyzers.Tests.Rules.Initialization;

public class GG1003SpreadTooSmallTests
{
    private const string Relu = "_out.call(functional.relu(_fc3.call(functional.relu(_fc2.call(functional.relu(_fc1.call(x)))))))";

    [Theory]
    [InlineData("init.normal_(_fc2.weight, 0, 0.005)")]
    [InlineData("init.uniform_(_fc2.weight, -0.008, 0.008)")]
    [InlineData("_fc2.weight.normal_(0, Tiny)")]
    [InlineData("init.trunc_normal_(_fc2.weight, 0, 0.005)")]
    public Task ForATinySpreadInAHiddenLayer_Triggers(string initializer) =>
        Rule.FindsAsync(Network($$"""{|GG1003:{{initializer}}|};""", Relu));

    [Fact]
    public Task ForEachHiddenLayer_Triggers_ButNotForTheOutput() => Rule.FindsAsync(Network(
        """
        {|GG1003:init.normal_(_fc2.weight, 0, 0.01)|};
        {|GG1003:init.normal_(_fc3.weight, 0, 0.01)|};
        init.normal_(_out.weight, 0, 0.01);
        """,
        Relu));

    [Fact]
    public Task ForASequentialInitialisedInALoop_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential _layers = Sequential(Linear(64, 64), Tanh(), Linear(64, 64), Tanh(), Linear(64, 64), Tanh(), Linear(64, 10));

            public Net() : base("net")
            {
                RegisterComponents();
                foreach (var module in _layers.children())
                {
                    if (module is Linear linear)
                        {|GG1003:init.normal_(linear.weight, 0, 0.02)|};
                }
            }

            public override Tensor forward(Tensor x) => _layers.call(x);
        }
        """);

    [Fact]
    public Task ForProductsWrittenByHand_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Parameter w1 = Parameter(randn(64, 64) / 8);
            private readonly Parameter w2 = Parameter({|GG1003:randn(64, 64) * 0.001|});
            private readonly Parameter w3 = Parameter(randn(64, 10) / 8);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => x.matmul(w1).tanh().matmul(w2).tanh().matmul(w3);
        }
        """);

    [Fact]
    public Task TheMessage_CarriesThePredictedNumbers() => Rule.FindsAsync(
        Network("{|#0:init.normal_(_fc2.weight, 0, 0.005)|};", Relu),
        "GG1003",
        "Weights of std 0.005 over fan-in 256 let '_fc2' hand back 0.057 of the gradient it gets, so that '_fc1' starts with 0.023 of that at '_fc3'; "
        + "a std of 0.088 (kaiming_uniform_) keeps its size (inputs taken to be of unit RMS)");

    [Theory]
    [InlineData("init.normal_(_fc2.weight, 0, 0.06);", Relu)]
    [InlineData("init.kaiming_normal_(_fc2.weight);", Relu)]
    [InlineData("init.normal_(_fc1.weight, 0, 0.01);", Relu)]
    [InlineData("init.normal_(_out.weight, 0, 0.0001);", Relu)]
    [InlineData("init.normal_(_fc2.weight, 0, 0.005 * Factor());", Relu)]
    [InlineData("", Relu)]
    public Task ForAFittingFirstOutputOrUnknownSpread_DoesNotTrigger(string initializer, string forward) =>
        Rule.FindsAsync(Network(initializer, forward));

    [Theory]
    [InlineData("_out.call(functional.relu(_fc3.call(functional.relu(_norm.call(_fc2.call(functional.relu(_fc1.call(x))))))))")]
    [InlineData("_out.call(x + functional.relu(_fc3.call(functional.relu(_fc2.call(functional.relu(_fc1.call(x)))))))")]
    [InlineData("_out.call(x * torch.sigmoid(_fc3.call(functional.relu(_fc2.call(functional.relu(_fc1.call(x)))))))")]
    public Task BehindANormalizationOrBesideAResidualOrInAGate_DoesNotTrigger(string forward) =>
        Rule.FindsAsync(Network("init.normal_(_fc2.weight, 0, 0.005);", forward));

    [Fact]
    public Task TheLimit_IsAnOption() =>
        Rule.FindsAsync(Network("init.normal_(_fc2.weight, 0, 0.005);", Relu), editorConfig: "gradguard.min_gradient_kept = 0.01");

    [Theory]
    [InlineData("init.normal_(_fc2.weight, 0, ", Relu)]
    [InlineData("init.normal_(_fc2., 0, 0.005);", "_fc3.call(_fc2.call(")]
    public Task ForHalfWrittenCode_DoesNotThrow(string initializer, string forward) => Rule.RunsOverHalfWrittenAsync(Network(initializer, forward));

    [Fact]
    public Task TheFix_DrawsEachLayerByItsFanIn() => Rule.FixesAsync<GG1003SpreadTooSmallFix>(
        Network(
            """
                    {|GG1003:init.normal_(_fc2.weight, 0, 0.005)|}; // small
                    {|GG1003:_fc3.weight.normal_(0, 0.005)|};
            """,
            Relu),
        Network(
            """
                    init.kaiming_uniform_(_fc2.weight); // small
                    init.kaiming_uniform_(_fc3.weight);
            """,
            Relu));

    private static string Network(string initialization, string forward) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private const double Tiny = 0.005;
            private readonly Linear _fc1 = Linear(256, 256);
            private readonly Linear _fc2 = Linear(256, 256);
            private readonly LayerNorm _norm = LayerNorm(256);
            private readonly Linear _fc3 = Linear(256, 256);
            private readonly Linear _out = Linear(256, 10);

            public Net() : base("net")
            {
                RegisterComponents();
        {{initialization}}
            }

            public override Tensor forward(Tensor x) => {{forward}};

            private static double Factor() => new Random().NextDouble();
        }
        """;
}
