using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Saturation;

namespace GradGuard.Analyzers.Tests.Rules.Saturation;

public class GG2007LinearAfterLinearTests
{
    [Theory]
    [InlineData("return fc2.call({|GG2007:fc1.call(x)|});")]
    [InlineData("x = {|GG2007:fc1.call(x)|}; return fc2.call(x);")]
    [InlineData("var h = drop.call({|GG2007:fc1.call(x)|}); return functional.log_softmax(fc2.call(h), 1);")]
    [InlineData("var h = functional.dropout({|GG2007:fc1.call(x)|}, 0.5, training); return fc2.call(h);")]
    public Task ForTwoFieldsInARow_Triggers(string body) => Rule.FindsAsync(Net(body));

    [Theory]
    [InlineData("Linear(784, 128), {|GG2007:Linear(128, 10)|}")]
    [InlineData("Linear(784, 128), Dropout(0.5), {|GG2007:Linear(128, 10)|}, ReLU(), Linear(10, 10)")]
    [InlineData("(\"fc1\", Linear(784, 128)), (\"fc2\", {|GG2007:Linear(128, 10)|})")]
    public Task ForASequential_Triggers(string layers) => Rule.FindsAsync(Stack(layers));

    [Fact]
    public Task ForASequentialBuiltStepByStep_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential();

            public Net() : base("net")
            {
                layers.append("hidden", Linear(64, 64));
                layers.append("output", {|GG2007:Linear(64, 10)|});
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => layers.call(x);
        }
        """);

    [Fact]
    public Task ForAWidthKnownOnOneSideOnly_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear first, second;

            public Net(int inputs) : base("net")
            {
                first = Linear(inputs, 64);
                second = Linear(64, 10);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => second.call({|GG2007:first.call(x)|});
        }
        """);

    [Fact]
    public Task TheMessage_CountsTheParameters() => Rule.FindsAsync(
        Net("return fc2.call({|#0:fc1.call(x)|});"),
        "GG2007",
        "No non-linearity stands between 'fc1' and 'fc2': together they compute what one Linear(784, 10) would, with 101770 parameters in place of 7850; "
        + "put an activation between them");

    [Theory]
    [InlineData("return fc2.call(functional.relu(fc1.call(x)));")]
    [InlineData("return fc2.call(act.call(drop.call(fc1.call(x))));")]
    [InlineData("return fc2.call(norm.call(fc1.call(x)));")]
    [InlineData("var h = fc1.call(x); if (deep) h = functional.relu(h); return fc2.call(h);")]
    [InlineData("var h = fc1.call(x); return fc2.call(h) + other.call(h);")]
    [InlineData("var h = fc1.call(x); return fc2.call(h * h);")]
    [InlineData("return fc2.call(fc1.call(x).view(-1, 128));")]
    [InlineData("return fc2.call(fc1.call(x)) + fc2.call(fc1.call(-x).relu());")]
    public Task WithAnActivationANormOrASecondReader_DoesNotTrigger(string body) => Rule.FindsAsync(Net(body));

    [Theory]
    [InlineData("Linear(512, 8, hasBias: false), Linear(8, 512, hasBias: false)")]
    [InlineData("Linear(64, 3), Linear(3, 64)")]
    [InlineData("Linear(30000, 128), Linear(128, 768)")]
    [InlineData("Linear(64, 64), Tanh(), Linear(64, 10)")]
    [InlineData("Conv1d(16, 16, 3), Conv1d(16, 16, 1)")]
    [InlineData("Sequential(Linear(64, 64), ReLU(), Linear(64, 64)), Sequential(Linear(64, 64), ReLU(), Linear(64, 64))")]
    public Task ForFactorisationsBottlenecksAndTrunksWithHeads_DoesNotTrigger(string layers) => Rule.FindsAsync(Stack(layers));

    [Fact]
    public Task ForAVariationalAutoencoder_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Vae : Module<Tensor, Tensor>
        {
            private readonly Linear encode = Linear(784, 64), mean = Linear(64, 64), logvar = Linear(64, 64), decode = Linear(64, 784);

            public Vae() : base("vae") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var h = encode.call(x);
                var (mu, log) = (mean.call(h), logvar.call(h));
                return decode.call(mu + (0.5 * log).exp() * randn_like(mu));
            }
        }
        """);

    [Fact]
    public Task ForSharedAndAttentionProjections_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear embed = Linear(32, 64), q = Linear(64, 64), k = Linear(64, 64), v = Linear(64, 64), merge = Linear(64, 64);

            public Block() : base("block") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = embed.call(x);
                var scores = q.call(x).matmul(k.call(x).transpose(-2, -1)) / 8;
                return x + merge.call(functional.softmax(scores, -1).matmul(v.call(x)));
            }
        }
        """);

    [Theory]
    [InlineData("return fc2.call(fc1.call(x);")]
    [InlineData("return fc2.call(fc1.);")]
    public Task ForHalfWrittenCode_DoesNotThrow(string body) => Rule.RunsOverHalfWrittenAsync(Net(body));

    [Fact]
    public Task TheFix_WrapsTheFirstCall() => Rule.FixesAsync<GG2007LinearAfterLinearFix>(
        Net("return fc2.call({|GG2007:fc1.call(x)|}); // logits"),
        Net("return fc2.call(functional.relu(fc1.call(x))); // logits"));

    [Fact]
    public Task TheFix_InsertsModules_SeveralAtOnce() => Rule.FixesAsync<GG2007LinearAfterLinearFix>(
        Stack("Linear(64, 64), {|GG2007:Linear(64, 64)|}, Tanh(), Linear(64, 64), {|GG2007:Linear(64, 10)|}"),
        Stack("Linear(64, 64), ReLU(), Linear(64, 64), Tanh(), Linear(64, 64), ReLU(), Linear(64, 10)"));

    [Fact]
    public Task TheFix_NamesWhatItInserts() => Rule.FixesAsync<GG2007LinearAfterLinearFix>(
        Stack("(\"fc1\", Linear(64, 64)), (\"fc2\", {|GG2007:Linear(64, 10)|})"),
        Stack("(\"fc1\", Linear(64, 64)), (\"before_fc2\", ReLU()), (\"fc2\", Linear(64, 10))"));

    private static string Net(string body) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(784, 128);
            private readonly Linear fc2 = Linear(128, 10);
            private readonly Linear other = Linear(128, 10);
            private readonly ReLU act = ReLU();
            private readonly Dropout drop = Dropout(0.5);
            private readonly LayerNorm norm = LayerNorm(128);
            private readonly bool deep;

            public Net(bool deep) : base("net")
            {
                this.deep = deep;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                {{body}}
            }
        }
        """;

    private static string Stack(string layers) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential({{layers}});

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => layers.call(x);
        }
        """;
}
