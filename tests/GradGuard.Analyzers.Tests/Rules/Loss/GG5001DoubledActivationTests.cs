using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Loss;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5001DoubledActivationTests
{
    private const string CrossEntropy = "functional.cross_entropy(p, y)";

    [Theory]
    [InlineData("return {|GG5001:functional.softmax(z, 1)|};")]
    [InlineData("return {|GG5001:z.softmax(1)|};")]
    [InlineData("return {|GG5001:torch.softmax(z, 1)|};")]
    [InlineData("var q = {|GG5001:softmax.call(z)|}; return q.flatten(1);")]
    [InlineData("return {|GG5001:torch.sigmoid(z)|};")]
    public Task ForSoftmaxBeforeCrossEntropy_Triggers(string forward) => Rule.FindsAsync(LossSource.Of(
        CrossEntropy, forward, "private readonly Softmax softmax = Softmax(1);"));

    [Theory]
    [InlineData("functional.binary_cross_entropy_with_logits(p, y)")]
    [InlineData("BCEWithLogitsLoss().call(p, y)")]
    public Task ForSigmoidBeforeBceWithLogits_Triggers(string loss) => Rule.FindsAsync(LossSource.Of(loss, "return {|GG5001:torch.sigmoid(z)|};"));

    [Fact]
    public Task ForASequentialAndALossModule_TriggersWhereTheModuleIsCreated() => Rule.FindsAsync(
        """
        static class Program
        {
            public static Tensor Run(Tensor x, Tensor y)
            {
                var model = Sequential(("fc", Linear(20, 10)), ("softmax", {|GG5001:Softmax(1)|}));
                var criterion = CrossEntropyLoss();
                return criterion.call(model.call(x), y);
            }
        }
        """);

    [Fact]
    public Task InTwoBranches_TriggersOnBoth() => Rule.FindsAsync(LossSource.Of(
        CrossEntropy, "if (x.dim() > 2) return {|GG5001:z.softmax(1)|}; return {|GG5001:torch.softmax(z, -1)|};"));

    [Fact]
    public Task ForAModelUsedInSeveralMethods_TriggersOnce() => Rule.FindsAsync(
        LossSource.Of(CrossEntropy, "return {|GG5001:z.softmax(1)|};")
        + """

        static class Evaluation
        {
            public static Tensor Of(Net net, Tensor x, Tensor y) => functional.cross_entropy(net.call(x), y);
        }
        """);

    [Fact]
    public Task ForLogSoftmax_Suggests() => Rule.FindsAsync(
        """
        static class Losses
        {
            public static Tensor Of(Tensor z, Tensor y) => functional.cross_entropy({|#0:functional.log_softmax(z, 1)|}, y);
        }
        """,
        "GG5001",
        DiagnosticSeverity.Info);

    [Fact]
    public Task TheMessage_CarriesTheLowestLossThatIsLeft() => Rule.FindsAsync(
        """
        static class Losses
        {
            public static Tensor Of(Tensor y)
            {
                var z = Linear(20, 10).call(randn(32, 20));
                return functional.cross_entropy({|#0:z.softmax(1)|}, y);
            }
        }
        """,
        "GG5001",
        "softmax feeds cross_entropy, which applies log-softmax itself: over 10 classes the right one gets 23% at most and the loss stays above 1.5; "
        + "hand the loss the raw logits");

    [Theory]
    [InlineData(CrossEntropy, "return z;")]
    [InlineData("functional.nll_loss(p, y)", "return functional.log_softmax(z, 1);")]
    [InlineData("functional.binary_cross_entropy_with_logits(p, y)", "return z;")]
    [InlineData("functional.mse_loss(p, y)", "return z.softmax(1);")]
    [InlineData(CrossEntropy, "return training ? z : z.softmax(1);")]
    [InlineData(CrossEntropy, "if (!training) return z.softmax(1); return z;")]
    [InlineData(CrossEntropy, "var attention = z.softmax(1); return z * attention;")]
    [InlineData(CrossEntropy, "return torch.sigmoid(z) * 10;")]
    [InlineData("functional.cross_entropy(p, y.softmax(1))", "return z;")]
    public Task ForHealthyLosses_DoesNotTrigger(string loss, string forward) => Rule.FindsAsync(LossSource.Of(loss, forward));

    [Fact]
    public async Task ForAModelInAnotherFile_Triggers()
    {
        var test = new CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier> { MarkupOptions = MarkupOptions.UseFirstDescriptor };
        test.TestState.Sources.Add(Rule.Usings +
            """

            public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(20, 10);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => {|GG5001:fc.call(x).softmax(1)|};
            }
            """);
        test.TestState.Sources.Add(Rule.Usings +
            """

            public static class Trainer
            {
                public static Tensor Loss(Net net, CrossEntropyLoss criterion, Tensor x, Tensor y) => criterion.call(net.call(x), y);
            }
            """);
        test.ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        test.TestState.AdditionalReferences.AddRange(References.WithTorchSharp);
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task ForAModelThatMayBeOfAnotherClass_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(20, 10);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x).softmax(1);
        }

        class TrainedNet : Net
        {
            public override Tensor forward(Tensor x) => x;
        }

        static class Losses
        {
            public static Tensor Of(Net net, Module<Tensor, Tensor> other, Tensor x, Tensor y) =>
                functional.cross_entropy(net.call(x), y) + functional.cross_entropy(other.call(x), y);
        }
        """);

    [Theory]
    [InlineData("functional.cross_entropy(p.softmax(, y)")]
    [InlineData("functional.cross_entropy(")]
    [InlineData("functional.cross_entropy(q, y)")]
    public Task ForHalfWrittenCode_DoesNotThrow(string loss) => Rule.RunsOverHalfWrittenAsync(LossSource.Of(loss));

    [Fact]
    public Task TheFix_RemovesCalls() => Rule.FixesAsync<GG5001DoubledActivationFix>(
        """
        static class Losses
        {
            public static Tensor Of(Tensor z, Tensor y)
            {
                var p = {|GG5001:z.softmax(1)|}; // probabilities
                return functional.cross_entropy({|GG5001:functional.softmax(z * 2, 1)|}, y) + functional.cross_entropy(p, y);
            }
        }
        """,
        """
        static class Losses
        {
            public static Tensor Of(Tensor z, Tensor y)
            {
                var p = z; // probabilities
                return functional.cross_entropy(z * 2, y) + functional.cross_entropy(p, y);
            }
        }
        """);

    [Fact]
    public Task TheFix_RemovesModulesOfASequential() => Rule.FixesAsync<GG5001DoubledActivationFix>(
        """
        static class Losses
        {
            public static Tensor Of(Tensor x, Tensor y)
            {
                var first = Sequential(Linear(20, 10), {|GG5001:Softmax(1)|});
                var second = Sequential(
                    ("fc", Linear(20, 1)), // one logit
                    ("sigmoid", {|GG5001:Sigmoid()|}));
                return functional.cross_entropy(first.call(x), y) + functional.binary_cross_entropy_with_logits(second.call(x), y);
            }
        }
        """,
        """
        static class Losses
        {
            public static Tensor Of(Tensor x, Tensor y)
            {
                var first = Sequential(Linear(20, 10));
                var second = Sequential(
                    ("fc", Linear(20, 1)) // one logit
                    );
                return functional.cross_entropy(first.call(x), y) + functional.binary_cross_entropy_with_logits(second.call(x), y);
            }
        }
        """);
}
