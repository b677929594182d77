using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Saturation;

namespace GradGuard.Analyzers.Tests.Rules.Saturation;

public class GG2001UnscaledProductTests
{
    [Theory]
    [InlineData("torch.sigmoid(W.matmul(x))")]
    [InlineData("W.matmul(x).tanh()")]
    [InlineData("functional.sigmoid(torch.mm(W, x))")]
    [InlineData("1 / (1 + torch.exp(-W.matmul(x)))")]
    [InlineData("torch.tanh(torch.addmm(b, W, x, 1, 1))")]
    [InlineData("torch.sigmoid(W.matmul(x) + b)")]
    public Task ForAWideWeightInAMethod_Triggers(string activation) => Rule.FindsAsync(Method($$"""return {|GG2001:{{activation}}|};"""));

    [Fact]
    public Task ThroughLocals_Triggers() => Rule.FindsAsync(Method(
        """
            var a = W.matmul(x);
            var shifted = a + b;
            var z = {|GG2001:torch.sigmoid(shifted)|};
            return z;
        """));

    [Fact]
    public Task TheMessage_CarriesThePredictedShare() => Rule.FindsAsync(
        Method("return {|#0:torch.sigmoid(W.matmul(x))|};"),
        "GG2001",
        "sigmoid of an unscaled matrix product over 784 inputs: 'W' gives pre-activations of std 280, 99% of them saturated; "
        + "scale the product by 1/√fan-in");

    [Fact]
    public Task ForAParameterOfUnknownScale_Suggests() => Rule.FindsAsync(
        """
        static class Model
        {
            public static Tensor Predict(Tensor weights, Tensor x) => {|#0:torch.sigmoid(weights.matmul(x))|};
        }
        """,
        "GG2001",
        Microsoft.CodeAnalysis.DiagnosticSeverity.Info);

    [Theory]
    [InlineData("torch.sigmoid(W.matmul(x) / Math.Sqrt(784))")]
    [InlineData("torch.sigmoid(scale * W.matmul(x))")]
    [InlineData("torch.sigmoid(small.matmul(x))")]
    [InlineData("functional.relu(small.matmul(x))")]
    [InlineData("functional.layer_norm(W.matmul(x), new long[] { 32 }).sigmoid()")]
    public Task ForScaledSmallOrNormalizedProducts_DoesNotTrigger(string activation) => Rule.FindsAsync(Method($"return {activation};"));

    [Fact]
    public Task ForALinearLayer_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear _fc = Linear(784, 10);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => torch.sigmoid(_fc.call(x));
        }
        """);

    [Theory]
    [InlineData("return torch.sigmoid(W.matmul(")]
    [InlineData("return 1 / (1 + torch.exp(-W.matmul(y)));")]
    [InlineData("var z = torch.sigmoid(;")]
    public Task ForHalfWrittenCode_DoesNotThrow(string body) => Rule.RunsOverHalfWrittenAsync(Method(body));

    [Fact]
    public Task TheFix_DividesTheProductByTheRootOfItsWidth() => Rule.FixesAsync<GG2001UnscaledProductFix>(
        Method(
            """
                var h = {|GG2001:torch.sigmoid(W.matmul(x))|}; // first
                return {|GG2001:torch.tanh(W.matmul(x) + b)|};
            """),
        Method(
            """
                var h = torch.sigmoid(W.matmul(x) / Math.Sqrt(784)); // first
                return torch.tanh(W.matmul(x) / Math.Sqrt(784) + b);
            """));

    private static string Method(string body) =>
        $$"""
        static class Model
        {
            public static Tensor Run(double scale)
            {
                var W = randn(256, 784) * 10;
                var small = randn(256, 784) * 0.01;
                var b = zeros(256, 32);
                var x = randn(784, 32);
        {{body}}
            }
        }
        """;
}
