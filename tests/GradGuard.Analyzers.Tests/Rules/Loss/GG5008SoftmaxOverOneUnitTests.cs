using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Loss;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5008SoftmaxOverOneUnitTests
{
    [Theory]
    [InlineData("return {|GG5008:torch.softmax(one.call(z.relu()), -1)|};")]
    [InlineData("return {|GG5008:one.call(z.relu()).softmax(-1)|};")]
    [InlineData("var h = one.call(z.view(-1, 10)); return {|GG5008:functional.softmax(h, 1)|};")]
    [InlineData("return {|GG5008:functional.log_softmax(one.call(z.relu()), -1)|};")]
    [InlineData("return {|GG5008:last.call(one.call(z.relu()))|};")]
    public Task ForALinearOfOneUnit_Triggers(string forward) => Rule.FindsAsync(Model(forward));

    [Fact]
    public Task InASequential_TriggersWhereTheModuleIsCreated() => Rule.FindsAsync(
        """
        static class Program
        {
            public static Tensor Run(Tensor x) => Sequential(Linear(20, 1), {|GG5008:Softmax(-1)|}).call(x);
        }
        """);

    [Theory]
    [InlineData("return torch.softmax(z, -1);")]
    [InlineData("return torch.softmax(one.call(z.relu()), 1);")]
    [InlineData("return torch.softmax(one.call(z.relu()), 0);")]
    [InlineData("return torch.sigmoid(one.call(z.relu()));")]
    [InlineData("return torch.softmax(one.call(z.view(-1, 7, 10)), 1);")]
    public Task ForOtherDimensions_DoesNotTrigger(string forward) => Rule.FindsAsync(Model(forward));

    [Theory]
    [InlineData("return torch.softmax(one.call(z.relu()), -);")]
    [InlineData("return one.call(z.relu()).softmax(")]
    public Task ForHalfWrittenCode_DoesNotThrow(string forward) => Rule.RunsOverHalfWrittenAsync(Model(forward));

    [Fact]
    public Task TheFix_UsesASigmoid() => Rule.FixesAsync<GG5008SoftmaxOverOneUnitFix>(
        """
        static class Program
        {
            public static Tensor Run(Tensor x)
            {
                var model = Sequential(("fc", Linear(20, 1)), ("probability", {|GG5008:Softmax(-1)|}));
                var one = Linear(20, 1);
                return model.call(x) + {|GG5008:one.call(x).softmax(-1)|}; // sum
            }
        }
        """,
        """
        static class Program
        {
            public static Tensor Run(Tensor x)
            {
                var model = Sequential(("fc", Linear(20, 1)), ("probability", Sigmoid()));
                var one = Linear(20, 1);
                return model.call(x) + sigmoid(one.call(x)); // sum
            }
        }
        """);

    private static string Model(string forward) => LossSource.Of(
        "p", forward, "private readonly Linear one = Linear(10, 1);\n    private readonly Softmax last = Softmax(-1);");
}
