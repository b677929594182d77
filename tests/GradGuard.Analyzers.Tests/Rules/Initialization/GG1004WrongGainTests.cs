using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Initialization;

namespace GradGuard.Analyzers.Tests.Rules.Initialization;

public class GG1004WrongGainTests
{
    [Theory]
    [InlineData("init.xavier_uniform_(linear.weight)")]
    [InlineData("init.xavier_normal_(linear.weight)")]
    [InlineData("init.orthogonal_(linear.weight)")]
    [InlineData("init.kaiming_uniform_(linear.weight, nonlinearity: init.NonlinearityType.Linear)")]
    public Task ForAGainOfOneBeforeDeepReLU_Triggers(string initializer) => Rule.FindsAsync(Stack(9, "ReLU()", $$"""{|GG1004:{{initializer}}|}"""));

    [Theory]
    [InlineData("GELU()")]
    [InlineData("LeakyReLU(0.01)")]
    public Task ForTheRelativesOfReLU_Triggers(string activation) =>
        Rule.FindsAsync(Stack(9, activation, "{|GG1004:init.xavier_uniform_(linear.weight)|}"));

    [Fact]
    public Task ForFieldsAndFunctions_Triggers() => Rule.FindsAsync(Fields("init.kaiming_uniform_(_fc1.weight); {|GG1004:init.xavier_uniform_(_fc2.weight)|};", repeats: 9));

    [Fact]
    public Task TheMessage_CarriesThePredictedNumbers() => Rule.FindsAsync(
        Stack(9, "ReLU()", "{|#0:init.xavier_uniform_(linear.weight)|}"),
        "GG1004",
        "xavier_uniform_ draws weights of std 0.12 before ReLU, which let 'layers.2' hand back 0.71 of the gradient it gets, so that 'layers.0' starts with 0.062 "
        + "of that at 'layers.16'; a std of 0.18 (kaiming_uniform_) keeps its size (inputs taken to be of unit RMS)");

    [Theory]
    [InlineData(4, "ReLU()", "init.xavier_uniform_(linear.weight)")]
    [InlineData(12, "ReLU()", "init.kaiming_uniform_(linear.weight)")]
    [InlineData(12, "ReLU()", "init.xavier_uniform_(linear.weight, init.calculate_gain(init.NonlinearityType.ReLU))")]
    [InlineData(12, "Tanh()", "init.xavier_uniform_(linear.weight)")]
    [InlineData(12, "Tanh()", "init.kaiming_normal_(linear.weight)")]
    [InlineData(3, "Sigmoid()", "init.kaiming_normal_(linear.weight)")]
    [InlineData(20, "SELU()", "init.kaiming_normal_(linear.weight, nonlinearity: init.NonlinearityType.Linear)")]
    public Task ForShallowOrFittingStacks_DoesNotTrigger(int depth, string activation, string initializer) =>
        Rule.FindsAsync(Stack(depth, activation, initializer));

    [Fact]
    public Task ForNormalizedLayers_DoesNotTrigger() =>
        Rule.FindsAsync(Stack(12, "Sequential(BatchNorm1d(64), ReLU())", "init.xavier_uniform_(linear.weight)"));

    [Fact]
    public Task ForAPyramid_WhoseWidthsAreToBlame_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential(
                Linear(1024, 512), ReLU(), Linear(512, 128), ReLU(), Linear(128, 32), ReLU(), Linear(32, 8), ReLU(), Linear(8, 2));

            public Net() : base("net")
            {
                foreach (var module in layers.children())
                {
                    if (module is Linear linear)
                        init.xavier_uniform_(linear.weight);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => layers.call(x);
        }
        """);

    [Theory]
    [InlineData("init.xavier_uniform_(linear.")]
    [InlineData("init.xavier_uniform_(linear.weight, gain: )")]
    public Task ForHalfWrittenCode_DoesNotThrow(string initializer) => Rule.RunsOverHalfWrittenAsync(Stack(9, "ReLU()", initializer));

    [Fact]
    public Task TheFix_CallsTheInitializerThatFits() => Rule.FixesAsync<GG1004WrongGainFix>(
        Stack(9, "ReLU()", "{|GG1004:init.xavier_uniform_(linear.weight)|}"),
        Stack(9, "ReLU()", "init.kaiming_uniform_(linear.weight)"));

    [Fact]
    public Task TheFix_ReachesEveryCallAtOnce() => Rule.FixesAsync<GG1004WrongGainFix>(
        Fields("{|GG1004:init.xavier_uniform_(_fc1.weight)|}; {|GG1004:init.orthogonal_(_fc2.weight)|}; // both", repeats: 9),
        Fields("init.kaiming_uniform_(_fc1.weight); init.kaiming_uniform_(_fc2.weight); // both", repeats: 9));

    private static string Stack(int depth, string activation, string initializer) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential();

            public Net() : base("net")
            {
                for (var i = 0; i < {{depth}}; i++)
                {
                    var linear = Linear(64, 64);
                    {{initializer}};
                    layers.append(linear);
                    layers.append({{activation}});
                }

                layers.append(Linear(64, 10));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => layers.call(x);
        }
        """;

    /// <summary>Two layers in turn, <paramref name="repeats"/> times.</summary>
    private static string Fields(string initialization, int repeats) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear _fc1 = Linear(64, 64);
            private readonly Linear _fc2 = Linear(64, 64);
            private readonly Linear _out = Linear(64, 10);

            public Net() : base("net")
            {
                RegisterComponents();
                {{initialization}}
            }

            public override Tensor forward(Tensor x)
            {
        {{string.Concat(Enumerable.Repeat("        x = functional.relu(_fc1.call(x));\n        x = functional.relu(_fc2.call(x));\n", repeats))}}
                return _out.call(x);
            }
        }
        """;
}
