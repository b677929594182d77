using GradGuard.Analyzers.Tests.Verification;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Rules.Modules;

public class GG6007WidthMismatchTests() : OneRuleTests("GG6007")
{
    [Theory]
    [InlineData("Linear(784, 256)", "Linear(128, 10)")]
    [InlineData("Linear(784, 256), ReLU(), Dropout(0.5)", "Linear(128, 10)")]
    [InlineData("Linear(784, 256), LayerNorm(256), Sigmoid()", "nn.Linear(257, 10)")]
    [InlineData("Conv2d(1, 16, 3), BatchNorm2d(16), ReLU(), MaxPool2d(2)", "Conv2d(32, 64, 3)")]
    [InlineData("Conv1d(1, 16, 3)", "ConvTranspose1d(8, 1, 3)")]
    [InlineData("Conv2d(1, 16, 3)", "BatchNorm2d(32)")]
    [InlineData("Conv2d(1, 16, 3)", "GroupNorm(4, 32)")]
    [InlineData("Conv2d(1, 16, 3), ReLU()", "InstanceNorm2d(8)")]
    [InlineData("Linear(784, 256)", "LayerNorm(100)")]
    [InlineData("Embedding(1000, 64)", "Linear(32, 10)")]
    public Task ForNeighboursInASequential_Triggers(string before, string after) => FindsAsync(Sequential($"{before}, {{|GG6007:{after}|}}"));

    [Theory]
    [InlineData("Linear(784, Hidden)", "Linear(Hidden / 2, 10)", "functional.relu(first.call(x))")]
    [InlineData("Linear(784, Hidden)", "Linear(10, 10)", "torch.tanh(first.call(x) * 2)")]
    [InlineData("Conv2d(3, Hidden, 3)", "Conv2d(3, 8, 3)", "functional.max_pool2d(first.call(x), 2)")]
    [InlineData("LSTM(28, Hidden)", "Linear(28, 10)", "first.call(x).Item1")]
    [InlineData("GRU(28, Hidden, bidirectional: true)", "Linear(Hidden, 10)", "first.call(x).Item1")]
    [InlineData("Linear(28, 64)", "LSTM(Hidden, 10)", "first.call(x)")]
    public Task ForNeighboursInFields_Triggers(string first, string second, string input) => FindsAsync(Fields(first, $"{{|GG6007:{second}|}}", input));

    [Fact]
    public Task AlongAnAliasAndALocal_Triggers() => FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> body;
            private readonly Linear head = {|GG6007:torch.nn.Linear(64, 10)|};

            public Net() : base("net")
            {
                const int width = 32;
                body = Sequential(("fc", Linear(784, width)), ("act", GELU()));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var y = body.call(x);
                using var kept = y.alias();
                return head.call(y.div(2));
            }
        }
        """);

    [Fact]
    public Task SaysBothWidths() => Rule.FindsAsync(
        Fields("Linear(784, 256)", "{|#0:Linear(128, 10)|}", "functional.relu(first.call(x))"),
        "GG6007",
        "'second' takes 128 features but gets the 256 of 'first': the first call throws");

    [Fact]
    public Task ForABatchNormOverAnUnknownNumberOfDimensions_SuggestsOnly() => Rule.FindsAsync(
        Sequential("Linear(784, 256), {|#0:BatchNorm1d(128)|}"), "GG6007", DiagnosticSeverity.Info);

    [Theory]
    [InlineData("Linear(784, 256), BatchNorm1d(256), ReLU(), Linear(256, 10)")]
    [InlineData("Conv2d(1, 16, 3), BatchNorm2d(16), ReLU(), Conv2d(16, 64, 3), Flatten(), Linear(1600, 10)")]
    [InlineData("Linear(784, 256), GLU(), Linear(128, 10)")]
    [InlineData("Linear(784, 256), Unflatten(1, new long[] { 16, 4, 4 }), Conv2d(16, 8, 3)")]
    [InlineData("Linear(32, 16), LayerNorm(new long[] { 8, 16 })")]
    [InlineData("Conv2d(3, 16, 3), AdaptiveAvgPool2d(new long[] { 1, 8 }), Linear(8, 10)")]
    [InlineData("Linear(width, 2 * width), Linear(width, 10)")]
    public Task ForWidthsThatFit_OrCannotBeKnown_DoesNotTrigger(string modules) => FindsAsync(Sequential(modules));

    [Theory]
    [InlineData("Linear(784, 256)", "Linear(512, 10)", "torch.cat(new[] { first.call(x), first.call(x) }, 1)")]
    [InlineData("Linear(784, 256)", "Linear(64, 10)", "first.call(x).view(-1, 64)")]
    [InlineData("Linear(784, 256)", "Linear(64, 10)", "first.call(x)[TensorIndex.Ellipsis, TensorIndex.Slice(0, 64)]")]
    [InlineData("Linear(784, 256)", "Linear(28, 10)", "first.call(x).transpose(-1, -2)")]
    [InlineData("Linear(784, 256)", "Linear(512, 10)", "Widen(first.call(x))")]
    [InlineData("Linear(784, 256)", "Linear(1, 10)", "first.call(x).mean(new long[] { 1 }, keepdim: true)")]
    [InlineData("LSTM(28, 64, bidirectional: true)", "Linear(128, 10)", "first.call(x).Item1")]
    [InlineData("LSTM(28, 64, bidirectional: true)", "Linear(64, 10)", "first.call(x).Item2")]
    [InlineData("GRU(28, 64)", "Linear(128, 10)", "torch.cat(new[] { first.call(x).Item1, first.call(x).Item1 }, -1)")]
    [InlineData("Conv1d(16, 32, 3)", "LSTM(16, 32)", "first.call(x)")]
    public Task BehindWhatChangesTheWidth_DoesNotTrigger(string first, string second, string input) => FindsAsync(Fields(first, second, input));

    [Fact]
    public Task ForLayersThatAConditionKeepsTogether_DoesNotTrigger() => FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear first;
            private readonly Linear second;

            public Net(bool wide) : base("net")
            {
                first = wide ? Linear(784, 256) : Linear(784, 64);
                second = wide ? Linear(256, 10) : Linear(64, 10);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => second.call(functional.relu(first.call(x)));
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_DoesNotFail() => Rule.RunsOverHalfWrittenAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear first = Linear(784, );
            private readonly Linear second = Linear(64, 10);
            public Net() : base("net") { }
            public override Tensor forward(Tensor x) => second.call(first.call(x)
        """);

    private static string Sequential(string modules) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential body;

            public Net(long width) : base("net")
            {
                body = Sequential({{modules}});
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """;

    private static string Fields(string first, string second, string input) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private const int Hidden = 128;
            private readonly {{TypeOf(first)}} first = {{first}};
            private readonly {{TypeOf(second)}} second = {{second}};

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var y = second.call({{input}});
                return x;
            }

            private extern Tensor Widen(Tensor x);
        }
        """;

    private static string TypeOf(string creation) => creation.Split('(')[0] is var name && name.Contains(':') ? name[(name.IndexOf(':') + 1)..] : creation.Split('(')[0];
}
