using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Saturation;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Rules.Saturation;

public class GG2003UnscaledAttentionTests
{
    [Theory]
    [InlineData("torch.softmax({|GG2003:q.matmul(k.transpose(-2, -1))|}, -1)")]
    [InlineData("functional.softmax({|GG2003:torch.bmm(q, k.transpose(1, 2))|}, dim: 2)")]
    [InlineData("{|GG2003:torch.matmul(q, k.mT)|}.softmax(-1)")]
    [InlineData("attention.call({|GG2003:q.matmul(k.transpose(-2, -1))|})")]
    [InlineData("torch.softmax({|GG2003:q.matmul(k.transpose(-2, -1))|}.masked_fill(x[0].isnan(), float.NegativeInfinity), -1)")]
    public Task ForWideProjectedQueriesAndKeys_Triggers(string weights) => Rule.FindsAsync(Net(width: 64, $"return {weights}.matmul(v);"));

    [Fact]
    public Task ThroughLocalsAndABranch_Triggers() => Rule.FindsAsync(Net(
        width: 64,
        """
                var scores = {|GG2003:q.matmul(k.transpose(-2, -1))|};
                if (masked)
                    scores = scores.masked_fill(x[0].isnan(), float.NegativeInfinity);
                return dropout.call(torch.softmax(scores, -1)).matmul(v);
        """));

    [Fact]
    public Task TheMessage_CarriesThePredictedStd() => Rule.FindsAsync(
        Net(width: 256, "return torch.softmax({|#0:q.matmul(k.transpose(-2, -1))|}, -1).matmul(v);"),
        "GG2003",
        "Attention scores over 256 features go into softmax unscaled: they start with std 5.4, and a softmax of widely spread scores passes little "
        + "gradient; divide them by √256");

    [Theory]
    [InlineData("torch.softmax(q.matmul(k.transpose(-2, -1)) / Math.Sqrt(64), -1)")]
    [InlineData("torch.softmax(q.matmul(k.transpose(-2, -1)).div_(8), -1)")]
    [InlineData("torch.softmax((q * 0.125).matmul(k.transpose(-2, -1)), -1)")]
    [InlineData("torch.softmax((q * scale).matmul(k.transpose(-2, -1)), -1)")]
    [InlineData("torch.softmax(q.matmul(k.transpose(-2, -1)) * temperature, -1)")]
    [InlineData("torch.softmax(functional.normalize(q, dim: -1).matmul(k.transpose(-2, -1)), -1)")]
    [InlineData("torch.softmax(norm.call(q).matmul(norm.call(k).transpose(-2, -1)), -1)")]
    [InlineData("torch.softmax(x.matmul(x.transpose(-2, -1)), -1)")]
    public Task ForScaledNormalizedOrUnprojectedScores_DoesNotTrigger(string weights) => Rule.FindsAsync(Net(width: 64, $"return {weights}.matmul(v);"));

    [Fact]
    public Task ForNarrowHeads_DoesNotTrigger() => Rule.FindsAsync(Net(width: 4, "return torch.softmax(q.matmul(k.transpose(-2, -1)), -1).matmul(v);"));

    [Fact]
    public Task ForTheLibrarysAttention_DoesNotTrigger() => Rule.FindsAsync(Net(width: 64, "return functional.scaled_dot_product_attention(q, k, v);"));

    [Fact]
    public Task ForAWidthNotKnown_Suggests() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear queries;
            private readonly Linear keys;

            public Net(long width) : base("net")
            {
                queries = Linear(width, width);
                keys = Linear(width, width);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) =>
                torch.softmax({|#0:queries.call(x).matmul(keys.call(x).transpose(-2, -1))|}, -1).matmul(x);
        }
        """,
        "GG2003",
        DiagnosticSeverity.Info);

    [Theory]
    [InlineData("return torch.softmax(q.matmul(")]
    [InlineData("return torch.softmax(q.matmul(z.transpose(-2, -1)), -1).matmul(v);")]
    public Task ForHalfWrittenCode_DoesNotThrow(string body) => Rule.RunsOverHalfWrittenAsync(Net(width: 64, body));

    [Fact]
    public Task TheFix_DividesTheScores() => Rule.FixesAsync<GG2003UnscaledAttentionFix>(
        Net(
            width: 64,
            """
                    var first = torch.softmax({|GG2003:q.matmul(k.transpose(-2, -1))|}, -1); // scores
                    return first + torch.softmax({|GG2003:torch.bmm(k, q.mT)|}, -1);
            """),
        Net(
            width: 64,
            """
                    var first = torch.softmax(q.matmul(k.transpose(-2, -1)) / Math.Sqrt(64), -1); // scores
                    return first + torch.softmax(torch.bmm(k, q.mT) / Math.Sqrt(64), -1);
            """));

    private static string Net(int width, string body) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear queries = Linear({{width}}, {{width}});
            private readonly Linear keys = Linear({{width}}, {{width}});
            private readonly Linear values = Linear({{width}}, {{width}});
            private readonly LayerNorm norm = LayerNorm({{width}});
            private readonly Softmax attention = Softmax(-1);
            private readonly Dropout dropout = Dropout(0.1);
            private readonly Parameter temperature = Parameter(ones(1));
            private readonly double scale;
            private readonly bool masked;

            public Net(double scale, bool masked) : base("net")
            {
                this.scale = scale;
                this.masked = masked;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var (q, k, v) = (queries.call(x), keys.call(x), values.call(x));
        {{body}}
            }
        }
        """;
}
