using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Initialization;

namespace GradGuard.Analyzers.Tests.Rules.Initialization;

public class GG1002SpreadTooLargeTests
{
    [Theory]
    [InlineData("init.normal_(_fc1.weight, 0, 1)")]
    [InlineData("init.normal_(tensor: _fc1.weight)")]
    [InlineData("init.uniform_(_fc1.weight, -1, 1)")]
    [InlineData("_fc1.weight.normal_(0, 2 * Std)")]
    public Task ForAWideSpreadBeforeASigmoid_Triggers(string initializer) =>
        Rule.FindsAsync(Network($$"""{|GG1002:{{initializer}}|};""", "torch.sigmoid(_fc1.call(x))"));

    [Fact]
    public Task TheMessage_CarriesThePredictedNumbers() => Rule.FindsAsync(
        Network("{|#0:init.normal_(_fc1.weight, 0, 1)|};", "torch.sigmoid(_fc1.call(x))"),
        "GG1002",
        "Weights of std 1 over fan-in 784 give '_fc1' pre-activations of std 28: 89% of the sigmoid units start saturated; "
        + "a std of 0.044 (xavier_uniform_) keeps the gradient alive (inputs taken to be of unit RMS)");

    [Fact]
    public Task ForAWideSpreadInSequential_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential _layers = Sequential(("fc", Linear(784, 128)), ("tanh", Tanh()), ("out", Linear(128, 10)));

            public Net() : base("net")
            {
                RegisterComponents();
                foreach (var module in _layers.children())
                {
                    if (module is Linear linear)
                        {|GG1002:init.normal_(linear.weight, 0, 0.8)|};
                }
            }

            public override Tensor forward(Tensor x) => _layers.call(x);
        }
        """);

    [Fact]
    public Task ForAnExplodingSpreadBeforeReLU_Triggers() =>
        Rule.FindsAsync(Network("{|GG1002:init.normal_(_fc1.weight, 0, 1)|};", "functional.relu(_fc1.call(x))"));

    [Theory]
    [InlineData("init.xavier_uniform_(_fc1.weight);", "torch.sigmoid(_fc1.call(x))")]
    [InlineData("init.normal_(_fc1.weight, 0, 0.02);", "torch.tanh(_fc1.call(x))")]
    [InlineData("init.kaiming_normal_(_fc1.weight);", "functional.relu(_fc1.call(x))")]
    [InlineData("init.normal_(_fc1.weight, 0, 1);", "torch.sigmoid(_norm.call(_fc1.call(x)))")]
    [InlineData("init.normal_(_fc1.weight, 0, std());", "torch.sigmoid(_fc1.call(x))")]
    [InlineData("", "torch.sigmoid(_fc1.call(x))")]
    public Task ForAFittingNormalizedOrUnknownSpread_DoesNotTrigger(string initializer, string hidden) =>
        Rule.FindsAsync(Network(initializer, hidden));

    [Fact]
    public Task ForAnUnknownFanIn_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear _fc1;

            public Net(int inputs) : base("net")
            {
                _fc1 = Linear(inputs, 10);
                init.normal_(_fc1.weight, 0, 1);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => torch.sigmoid(_fc1.call(x));
        }
        """);

    [Fact]
    public Task TheLimit_IsAnOption() => Rule.FindsAsync(
        Network("init.normal_(_fc1.weight, 0, 1);", "torch.sigmoid(_fc1.call(x))"),
        editorConfig: "gradguard.max_saturated_share = 0.95");

    [Theory]
    [InlineData("init.normal_(_fc1.weight, 0, ", "torch.sigmoid(_fc1.call(x))")]
    [InlineData("init.normal_(_fc1.weight, 0, 1);", "torch.sigmoid(_fc1.call(x)")]
    [InlineData("init.normal_(_fc1., 0, 1);", "_missing.call(x)")]
    public Task ForHalfWrittenCode_DoesNotThrow(string initializer, string hidden) =>
        Rule.RunsOverHalfWrittenAsync(Network(initializer, hidden));

    [Fact]
    public Task TheFix_ChoosesTheSpreadByTheFanIn() => Rule.FixesAsync<GG1002SpreadTooLargeFix>(
        Network("        {|GG1002:init.normal_(_fc1.weight, 0, 1)|}; // wide", "torch.sigmoid(_fc1.call(x))"),
        Network("        init.xavier_uniform_(_fc1.weight); // wide", "torch.sigmoid(_fc1.call(x))"));

    [Fact]
    public Task TheFix_ReachesEveryCallAtOnce() => Rule.FixesAsync<GG1002SpreadTooLargeFix>(
        Network("{|GG1002:init.normal_(_fc1.weight, 0, 1)|}; {|GG1002:_fc2.weight.normal_(0, 1)|}; // both", "torch.sigmoid(_fc1.call(x))"),
        Network("init.xavier_uniform_(_fc1.weight); init.xavier_uniform_(_fc2.weight); // both", "torch.sigmoid(_fc1.call(x))"));

    private static string Network(string initialization, string hidden) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private const double Std = 0.5;
            private readonly Linear _fc1 = Linear(784, 256);
            private readonly LayerNorm _norm = LayerNorm(256);
            private readonly Linear _fc2 = Linear(256, 10);

            public Net() : base("net")
            {
                RegisterComponents();
        {{initialization}}
            }

            public override Tensor forward(Tensor x) => _fc2.call({{hidden}});

            private static double std() => new Random().NextDouble();
        }
        """;
}
