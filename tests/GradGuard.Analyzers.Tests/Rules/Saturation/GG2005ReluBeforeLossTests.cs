using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Saturation;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Rules.Saturation;

public class GG2005ReluBeforeLossTests
{
    [Theory]
    [InlineData("functional.cross_entropy({|GG2005:functional.relu(fc2.call(h))|}, y)")]
    [InlineData("functional.binary_cross_entropy_with_logits({|GG2005:fc2.call(h).relu()|}, y)")]
    [InlineData("criterion.call({|GG2005:act.call(fc2.call(h))|}, y)")]
    [InlineData("functional.cross_entropy({|GG2005:fc2.call(h).clamp(min: 0)|}, y)")]
    public Task BeforeALossOfLogits_Triggers(string loss) => Rule.FindsAsync(Net($"return {loss};"));

    [Fact]
    public Task ThroughLocalsAndReshapes_Triggers() => Rule.FindsAsync(Net(
        """
                var logits = {|GG2005:functional.relu(fc2.call(h))|};
                logits = logits.view(-1, 10);
                return functional.cross_entropy(logits, y);
        """));

    [Fact]
    public Task ForASequential_Triggers() => Rule.FindsAsync(
        """
        static class Training
        {
            public static Tensor Loss(Tensor x, Tensor y)
            {
                var model = Sequential(Linear(64, 32), ReLU(), Linear(32, 10), ReLU());
                return functional.cross_entropy({|GG2005:model.call(x)|}, y);
            }
        }
        """);

    [Fact]
    public Task TheMessage_SaysWhatIsLost() => Rule.FindsAsync(
        Net("return functional.cross_entropy({|#0:functional.relu(fc2.call(h))|}, y);"),
        "GG2005",
        "ReLU is the last step before a loss of logits, which need both signs: an output below zero gets no gradient; give the loss the layer's own result");

    [Theory]
    [InlineData("functional.mse_loss")]
    [InlineData("functional.l1_loss")]
    [InlineData("functional.smooth_l1_loss")]
    public Task BeforeARegressionLoss_Suggests(string loss) => Rule.FindsAsync(
        Net($$"""return {{loss}}({|#0:functional.relu(fc2.call(h))|}, y);"""), "GG2005", DiagnosticSeverity.Info);

    [Theory]
    [InlineData("functional.cross_entropy(fc2.call(functional.relu(h)), y)")]
    [InlineData("functional.cross_entropy(functional.leaky_relu(fc2.call(h), 0.1), y)")]
    [InlineData("functional.mse_loss(functional.softplus(fc2.call(h)), y)")]
    [InlineData("functional.mse_loss(functional.relu(fc2.call(h)), functional.relu(fc2.call(y)).detach())")]
    [InlineData("functional.mse_loss(functional.relu(1 - h * y), y)")]
    [InlineData("functional.relu(1 - fc2.call(h) * y).mean()")]
    public Task ForHiddenRelusFeaturesAndHinges_DoesNotTrigger(string loss) => Rule.FindsAsync(Net($"return {loss};"));

    [Theory]
    [InlineData("return functional.cross_entropy(functional.relu(fc2.call(")]
    [InlineData("return functional.cross_entropy(functional.relu(z), y);")]
    public Task ForHalfWrittenCode_DoesNotThrow(string body) => Rule.RunsOverHalfWrittenAsync(Net(body));

    [Fact]
    public Task TheFix_RemovesTheRelu() => Rule.FixesAsync<GG2005ReluBeforeLossFix>(
        Net(
            """
                    var first = functional.cross_entropy({|GG2005:functional.relu(fc2.call(h))|}, y); // logits
                    return first + functional.cross_entropy({|GG2005:fc2.call(h).relu()|}, y);
            """),
        Net(
            """
                    var first = functional.cross_entropy(fc2.call(h), y); // logits
                    return first + functional.cross_entropy(fc2.call(h), y);
            """));

    private static string Net(string body) =>
        $$"""
        class Net : Module<Tensor, Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 32);
            private readonly Linear fc2 = Linear(32, 10);
            private readonly ReLU act = ReLU();
            private readonly CrossEntropyLoss criterion = CrossEntropyLoss();

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x, Tensor y)
            {
                var h = functional.relu(fc1.call(x));
        {{body}}
            }
        }
        """;
}
