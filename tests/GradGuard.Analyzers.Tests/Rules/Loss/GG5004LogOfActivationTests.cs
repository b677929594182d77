using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Loss;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5004LogOfActivationTests
{
    [Theory]
    [InlineData("return {|GG5004:torch.log(torch.softmax(z, 1))|};")]
    [InlineData("return {|GG5004:z.softmax(1).log()|};")]
    [InlineData("var p = functional.softmax(z, 1); return -{|GG5004:p.log()|} * p;")]
    [InlineData("var p = softmax.call(z); return {|GG5004:torch.log(p)|};")]
    [InlineData("return {|GG5004:torch.log(z.sigmoid())|};")]
    public Task ForTheLogarithmOfAnActivation_Triggers(string forward) => Rule.FindsAsync(LossSource.Of(
        "p", forward, "private readonly Softmax softmax = Softmax(1);"));

    [Theory]
    [InlineData("return functional.log_softmax(z, 1);")]
    [InlineData("return torch.log(z.softmax(1) + 1e-8);")]
    [InlineData("return torch.log(z.softmax(1).clamp(1e-8, 1));")]
    [InlineData("return torch.log1p(z.sigmoid());")]
    [InlineData("return torch.log(z.exp() + 2);")]
    [InlineData("return torch.log(1.001 - z.sigmoid());")]
    public Task ForBoundedArguments_DoesNotTrigger(string forward) => Rule.FindsAsync(LossSource.Of("p", forward));

    [Theory]
    [InlineData("return torch.log(torch.softmax(z")]
    [InlineData("return z.softmax().log();")]
    public Task ForHalfWrittenCode_DoesNotThrow(string forward) => Rule.RunsOverHalfWrittenAsync(LossSource.Of("p", forward));

    [Fact]
    public Task TheFix_CallsTheFunctionThatDoesBoth() => Rule.FixesAsync<GG5004LogOfActivationFix>(
        """
        static class Losses
        {
            public static Tensor Of(Tensor z)
            {
                var a = {|GG5004:torch.log(torch.softmax(z, 1))|}; // stable
                var b = {|GG5004:(z * 2).sigmoid().log()|};
                return a + b + {|GG5004:functional.softmax(z, -1).log()|};
            }
        }
        """,
        """
        static class Losses
        {
            public static Tensor Of(Tensor z)
            {
                var a = functional.log_softmax(z, 1); // stable
                var b = functional.logsigmoid((z * 2));
                return a + b + functional.log_softmax(z, -1);
            }
        }
        """);
}
