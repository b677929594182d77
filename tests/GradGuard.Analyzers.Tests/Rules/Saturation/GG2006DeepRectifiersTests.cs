using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.Saturation;

public class GG2006DeepRectifiersTests
{
    [Theory]
    [InlineData("ReLU()")]
    [InlineData("LeakyReLU(0.01)")]
    [InlineData("GELU()")]
    public Task ForTenDefaultLayers_Triggers(string activation) => Rule.FindsAsync(Stack(10, activation, call: "{|GG2006:layers.call(x)|}"));

    [Theory]
    [InlineData("functional.relu({0})")]
    [InlineData("{0}.relu()")]
    [InlineData("maximum({0}, zeros(1))")]
    public Task ForFieldsAndFunctions_Triggers(string relu)
    {
        var layers = Enumerable.Range(1, 10).Select(i => $"    private readonly Linear fc{i} = Linear(64, 64);");
        var calls = Enumerable.Range(1, 10).Select(i => $"        x = {Marked(i, string.Format(relu, $"fc{i}.call(x)"))};");
        return Rule.FindsAsync(
            $$"""
            class Net : Module<Tensor, Tensor>
            {
            {{string.Join("\n", layers)}}
                private readonly Linear head = Linear(64, 10);

                public Net() : base("net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
            {{string.Join("\n", calls)}}
                    return head.call(x);
                }
            }
            """);

        static string Marked(int layer, string call) => layer == 1 ? $"{{|GG2006:{call}|}}" : call;
    }

    [Fact]
    public Task ForConvolutions_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential();

            public Net() : base("net")
            {
                for (var i = 0; i < 10; i++)
                {
                    layers.append(Conv2d(64, 64, 3));
                    layers.append(ReLU());
                }

                layers.append(Conv2d(64, 3, 1));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => {|GG2006:layers.call(x)|};
        }
        """);

    [Fact]
    public Task TheMessage_CarriesThePredictedNumbers() => Rule.FindsAsync(
        Stack(9, "ReLU()", call: "{|#0:layers.call(x)|}"),
        "GG2006",
        "9 ReLU layers in a row start with the library's default weights: 'layers.0' gets 7.7e-4 of the gradient at 'layers.16', and 50% of the units behind "
        + "'layers.16' start off for every sample; draw the weights by kaiming_uniform_ or put a normalization layer before each activation (inputs taken to be of unit RMS)");

    [Theory]
    [InlineData(6, "ReLU()")]
    [InlineData(12, "Sequential(BatchNorm1d(64), ReLU())")]
    [InlineData(12, "Sequential(ReLU(), LayerNorm(64))")]
    public Task ForShallowOrNormalizedStacks_DoesNotTrigger(int depth, string activation) => Rule.FindsAsync(Stack(depth, activation, "layers.call(x)"));

    [Fact]
    public Task ForKaimingWeights_DoesNotTrigger() =>
        Rule.FindsAsync(Stack(12, "ReLU()", "layers.call(x)", afterwards: "init.kaiming_uniform_(linear.weight)"));

    [Fact]
    public Task ForResidualBlocks_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("net")
            {
                for (var i = 0; i < 12; i++)
                    layers.Add(Linear(64, 64));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = x + functional.relu(layer.call(x));
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task ForUnknownWidths_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential();

            public Net(int first, int second) : base("net")
            {
                for (var i = 0; i < 10; i++)
                {
                    layers.append(Linear(i % 2 == 0 ? first : second, i % 2 == 0 ? second : first));
                    layers.append(ReLU());
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => layers.call(x);
        }
        """);

    [Fact]
    public Task TheLimit_IsAnOption() =>
        Rule.FindsAsync(Stack(10, "ReLU()", "layers.call(x)"), editorConfig: "gradguard.min_gradient_ratio = 1e-9");

    [Theory]
    [InlineData("layers.call(")]
    [InlineData("layers.call(x).")]
    public Task ForHalfWrittenCode_DoesNotThrow(string call) => Rule.RunsOverHalfWrittenAsync(Stack(10, "ReLU()", call));

    private static string Stack(int depth, string activation, string call, string afterwards = "") =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential();

            public Net() : base("net")
            {
                for (var i = 0; i < {{depth}}; i++)
                {
                    var linear = Linear(64, 64);
                    {{(afterwards.Length > 0 ? afterwards + ";" : "")}}
                    layers.append(linear);
                    layers.append({{activation}});
                }

                layers.append(Linear(64, 10));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => {{call}};
        }
        """;
}
