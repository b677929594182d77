using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Initialization;

namespace GradGuard.Analyzers.Tests.Rules.Initialization;

public class GG1001ConstantWeightsTests
{
    [Theory]
    [InlineData("init.constant_(_hidden.weight, 0.5)")]
    [InlineData("init.ones_(_hidden.weight)")]
    [InlineData("nn.init.constant_(_hidden.weight, val: Value)")]
    [InlineData("_hidden.weight.fill_(-2)")]
    public Task ForAConstantInTheWeights_Triggers(string initializer) => Rule.FindsAsync(Network($$"""{|GG1001:{{initializer}}|};"""));

    [Fact]
    public Task ForConstantsFromAHelper_Triggers() => Rule.FindsAsync(Network(
        "Fill(_hidden);",
        """
            private static void Fill(Linear layer)
            {
                {|GG1001:init.constant_(layer.weight, 1)|};
                init.zeros_(layer.bias);
            }
        """));

    [Fact]
    public Task ForAParameterOfOnes_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Parameter _w;

            public Net() : base("net")
            {
                _w = nn.Parameter({|GG1001:ones(64, 32)|});
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => functional.relu(x.matmul(_w));
        }
        """);

    [Theory]
    [InlineData("init.xavier_uniform_(_hidden.weight);")]
    [InlineData("init.constant_(_hidden.bias, 0.1);")]
    [InlineData("init.ones_(_norm.weight);")]
    [InlineData("init.zeros_(_hidden.weight); init.kaiming_normal_(_hidden.weight);")]
    [InlineData("init.constant_(_hidden.weight, 0.5); init.orthogonal_(_hidden.weight);")]
    public Task ForRandomWeightsConstantBiasesAndNormScales_DoesNotTrigger(string initializer) => Rule.FindsAsync(Network(initializer));

    [Fact]
    public Task ForASingleUnit_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Mean : Module<Tensor, Tensor>
        {
            private readonly Linear _sum = Linear(8, 1);

            public Mean() : base("mean")
            {
                RegisterComponents();
                init.constant_(_sum.weight, 1.0 / 8);
            }

            public override Tensor forward(Tensor x) => _sum.call(x);
        }
        """);

    [Fact]
    public Task ForAScaleUsedElementByElement_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Gate : Module<Tensor, Tensor>
        {
            private readonly Parameter _scale = nn.Parameter(ones(64));

            public Gate() : base("gate") => RegisterComponents();

            public override Tensor forward(Tensor x) => x * _scale;
        }
        """);

    [Theory]
    [InlineData("init.constant_(_hidden.weight, )")]
    [InlineData("init.constant_(_hidden.")]
    [InlineData("init.constant_(missing.weight, 3);")]
    public Task ForHalfWrittenCode_StaysSilent(string initializer) => Rule.FindsInHalfWrittenAsync(Network(initializer));

    [Fact]
    public Task TheFix_DrawsWeightsByWhatFollows() => Rule.FixesAsync<GG1001ConstantWeightsFix>(
        Network(
            """
                    // the hidden layer
                    {|GG1001:init.constant_(_hidden.weight, 0.5)|}; // half
                    {|GG1001:_output.weight.fill_(1)|};
            """),
        Network(
            """
                    // the hidden layer
                    init.kaiming_uniform_(_hidden.weight); // half
                    init.xavier_uniform_(_output.weight);
            """));

    private static string Network(string initialization, string members = "") =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private const double Value = 0.25;
            private readonly Linear _hidden = Linear(784, 256);
            private readonly BatchNorm1d _norm = BatchNorm1d(256);
            private readonly Linear _output = Linear(256, 10);

            public Net() : base("net")
            {
                RegisterComponents();
        {{initialization}}
            }

            public override Tensor forward(Tensor x) => _output.call(_norm.call(functional.relu(_hidden.call(x))));
        {{members}}
        }
        """;
}
