using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Modules;

namespace GradGuard.Analyzers.Tests.Rules.Modules;

public class GG6005EndlessDropoutTests() : OneRuleTests("GG6005")
{
    [Theory]
    [InlineData("{|GG6005:functional.dropout(x)|}")]
    [InlineData("{|GG6005:functional.dropout(x, 0.3)|}")]
    [InlineData("{|GG6005:torch.nn.functional.dropout2d(x, p: 0.3)|}")]
    [InlineData("functional.relu({|GG6005:functional.dropout1d(x)|})")]
    public Task ForADropoutThatIsNotToldOfTraining_Triggers(string value) => FindsAsync(Forward($"return {value};"));

    [Theory]
    [InlineData("return functional.dropout(x, 0.3, training);")]
    [InlineData("return functional.dropout(x, training: this.training);")]
    [InlineData("return functional.dropout(x, training: true);")]
    [InlineData("return functional.alpha_dropout(x);")]
    [InlineData("if (training) x = functional.dropout(x); return x;")]
    [InlineData("if (!training) return x; return functional.dropout(x);")]
    [InlineData("return noisy ? functional.dropout(x) : x;")]
    [InlineData("return Dropout(0.1).call(x);")]
    public Task ForADropoutThatEndsOrIsMeant_DoesNotTrigger(string body) => FindsAsync(Forward(body));

    [Fact]
    public Task OutsideModules_DoesNotTrigger() => FindsInMethodAsync("Console.WriteLine(functional.dropout(batches[0].x));");

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheCallIsThere() => FindsInHalfWrittenAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            public Net() : base("net") { }
            public override Tensor forward(Tensor x)
            {
                x = {|GG6005:functional.dropout(x, 0.5)|};
                return x.
        """);

    [Fact]
    public Task Fix_PassesTrainingOn() => FixesAsync<GG6005EndlessDropoutFix>(
        Forward("return {|GG6005:functional.dropout({|GG6005:functional.dropout(x)|}, 0.3)|}; // twice"),
        Forward("return functional.dropout(functional.dropout(x, training: training), 0.3, training: training); // twice"));

    private static string Forward(string body) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly bool noisy;
            public Net(bool noisy) : base("net") => this.noisy = noisy;

            public override Tensor forward(Tensor x)
            {
                {{body}}
            }
        }
        """;
}
