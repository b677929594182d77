using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5003RawLogitsTests
{
    private const string Nll = "{|GG5003:functional.nll_loss(p, y)|}";
    private const string Bce = "{|GG5003:functional.binary_cross_entropy(p, y)|}";

    [Theory]
    [InlineData(Nll, "return z;")]
    [InlineData(Nll, "return functional.relu(z);")]
    [InlineData(Nll, "return z.softmax(1);")]
    [InlineData(Nll, "return z.view(-1, 10);")]
    [InlineData("{|GG5003:NLLLoss().call(p, y)|}", "return functional.dropout(z, 0.5, training);")]
    [InlineData(Bce, "return z;")]
    [InlineData(Bce, "return z.tanh();")]
    [InlineData("{|GG5003:BCELoss().call(p, y)|}", "return functional.relu(z);")]
    [InlineData("{|GG5003:functional.nll_loss(p.matmul(Parameter(randn(10, 3) * 0.1)), y)|}", "return z;")]
    public Task ForUnboundedPredictions_Triggers(string loss, string forward) => Rule.FindsAsync(LossSource.Of(loss, forward));

    [Theory]
    [InlineData("functional.nll_loss(p, y)", "return functional.log_softmax(z, 1);")]
    [InlineData("functional.nll_loss(p, y)", "return z - z.logsumexp(1, true);")]
    [InlineData("functional.nll_loss(p, y)", "return functional.logsigmoid(z);")]
    [InlineData("functional.nll_loss(p, y)", "return training ? functional.log_softmax(z, 1) : z;")]
    [InlineData("functional.binary_cross_entropy(p, y)", "return z.softmax(1);")]
    [InlineData("functional.binary_cross_entropy(p, y)", "return z.clamp(0.01, 0.99);")]
    [InlineData("functional.cross_entropy(p, y)", "return z;")]
    [InlineData("functional.nll_loss(y, p)", "return z;")]
    public Task ForHealthyOrUnknownPredictions_DoesNotTrigger(string loss, string forward) => Rule.FindsAsync(LossSource.Of(loss, forward));

    [Theory]
    [InlineData("functional.nll_loss(net.call(), y)")]
    [InlineData("functional.nll_loss(p")]
    [InlineData("NLLLoss().call()")]
    public Task ForHalfWrittenCode_DoesNotThrow(string loss) => Rule.RunsOverHalfWrittenAsync(LossSource.Of(loss));
}
