using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Loss;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5002SigmoidBeforeBceTests
{
    private const string Bce = "{|GG5002:functional.binary_cross_entropy(p, y)|}";

    [Theory]
    [InlineData(Bce, "return torch.sigmoid(z);")]
    [InlineData(Bce, "return sigmoid.call(z).squeeze(1);")]
    [InlineData(Bce, "return z.sigmoid();")]
    [InlineData("{|GG5002:BCELoss().call(p, y)|}", "return z.sigmoid();")]
    [InlineData("{|GG5002:functional.binary_cross_entropy(functional.sigmoid(p), y)|}", "return z;")]
    public Task ForASigmoid_Triggers(string loss, string forward) => Rule.FindsAsync(LossSource.Of(
        loss, forward, "private readonly Sigmoid sigmoid = Sigmoid();"));

    [Theory]
    [InlineData("functional.binary_cross_entropy_with_logits(p, y)", "return z;")]
    [InlineData("functional.binary_cross_entropy(p, y)", "return z.softmax(1);")]
    [InlineData("functional.binary_cross_entropy(p, y.sigmoid())", "return z.clamp(0.01, 0.99);")]
    [InlineData("functional.mse_loss(p, y)", "return z.sigmoid();")]
    public Task ForOtherPairs_DoesNotTrigger(string loss, string forward) => Rule.FindsAsync(LossSource.Of(loss, forward));

    [Theory]
    [InlineData("functional.binary_cross_entropy(p.sigmoid(")]
    [InlineData("functional.binary_cross_entropy(torch.sigmoid(q), y)")]
    public Task ForHalfWrittenCode_DoesNotThrow(string loss) => Rule.RunsOverHalfWrittenAsync(LossSource.Of(loss));

    [Fact]
    public Task TheFix_MakesOneCallOfTwo() => Rule.FixesAsync<GG5002SigmoidBeforeBceFix>(
        """
        static class Losses
        {
            public static Tensor Of(Tensor z, Tensor y)
            {
                var first = {|GG5002:functional.binary_cross_entropy(torch.sigmoid(z), y)|}; // real
                return first + {|GG5002:functional.binary_cross_entropy((z * 2).sigmoid(), y)|};
            }
        }
        """,
        """
        static class Losses
        {
            public static Tensor Of(Tensor z, Tensor y)
            {
                var first = functional.binary_cross_entropy_with_logits(z, y); // real
                return first + functional.binary_cross_entropy_with_logits((z * 2), y);
            }
        }
        """);
}
