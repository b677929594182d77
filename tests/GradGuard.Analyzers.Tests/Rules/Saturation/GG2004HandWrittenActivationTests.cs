using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Saturation;

namespace GradGuard.Analyzers.Tests.Rules.Saturation;

public class GG2004HandWrittenActivationTests
{
    [Theory]
    [InlineData("1 / (1 + torch.exp(-x))")]
    [InlineData("(1 + (-x).exp()).reciprocal()")]
    [InlineData("1.0 / (exp(x * -1) + 1.0)")]
    [InlineData("exp(x) / (1 + exp(x))")]
    [InlineData("exp(x) / exp(x).sum(1, keepdim: true)")]
    public Task ForASigmoidOrSoftmaxOverExp_Suggests(string activation) => Rule.FindsAsync(Method($$"""return {|GG2004:{{activation}}|};"""));

    [Fact]
    public Task ThroughLocals_Suggests() => Rule.FindsAsync(Method("var e = exp(x); var total = e.sum(-1).unsqueeze(-1); return {|GG2004:e / total|};"));

    [Fact]
    public Task InAModule_Suggests() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 10);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => {|GG2004:1 / (1 + exp(-fc.call(x)))|};
        }
        """);

    [Theory]
    [InlineData("{|GG5001:1 / (1 + exp(-fc.call(x)))|}", "functional.binary_cross_entropy_with_logits(p, x)")]
    [InlineData("{|GG5001:exp(fc.call(x)) / exp(fc.call(x)).sum(1, keepdim: true)|}", "functional.cross_entropy(p, x)")]
    [InlineData("1 / (1 + exp(-fc.call(x)))", "{|GG5002:functional.binary_cross_entropy(p, x)|}")]
    [InlineData("{|GG2004:1 / (1 + exp(-fc.call(x)))|}", "functional.mse_loss(p, x)")]
    public Task InFrontOfALossThatAppliesItsOwn_LeavesTheFaultToTheLossRules(string activation, string loss) => Rule.FindsAsync(
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 10);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var p = {{activation}};
                return {{loss}};
            }
        }
        """);

    [Theory]
    [InlineData("torch.sigmoid(x)")]
    [InlineData("0.5 * (tanh(x / 2) + 1)")]
    [InlineData("torch.softmax(x, 1)")]
    [InlineData("1 / (2 + exp(-x))")]
    [InlineData("exp(-x)")]
    public Task ForTheLibrarysOrSafeForms_DoesNotTrigger(string activation) => Rule.FindsAsync(Method($"return {activation};"));

    [Fact]
    public Task ForASoftmaxShiftedByItsMaximum_DoesNotTrigger() => Rule.FindsAsync(Method(
        "var e = exp(x - x.amax(new long[] { 1 }, true)); return e / e.sum(1, keepdim: true);"));

    [Theory]
    [InlineData("return 1 / (1 + torch.exp(-")]
    [InlineData("return exp(x) / exp(y).sum(;")]
    public Task ForHalfWrittenCode_DoesNotThrow(string body) => Rule.RunsOverHalfWrittenAsync(Method(body));

    [Fact]
    public Task TheFix_CallsTheLibrary() => Rule.FixesAsync<GG2004HandWrittenActivationFix>(
        Method(
            """
                    var a = {|GG2004:1 / (1 + torch.exp(-x))|}; // gate
                    return a + {|GG2004:1.0 / (exp(-(x + 2)) + 1.0)|};
            """),
        Method(
            """
                    var a = sigmoid(x); // gate
                    return a + sigmoid(x + 2);
            """));

    private static string Method(string body) =>
        $$"""
        static class Model
        {
            public static Tensor Run(Tensor x)
            {
        {{body}}
            }
        }
        """;
}
