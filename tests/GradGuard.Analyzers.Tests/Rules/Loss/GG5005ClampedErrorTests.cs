using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Loss;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5005ClampedErrorTests() : OneRuleTests("GG5005")
{
    [Theory]
    [InlineData("var loss = {|GG5005:(model.call(x) - y).clamp(-1, 1)|}.pow(2).mean(); loss.backward();")]
    [InlineData("var error = y - model.call(x); var bounded = {|GG5005:torch.clamp(error, -0.5, 0.5)|}; (bounded * bounded).sum().backward();")]
    [InlineData("var error = model.call(x) - y; {|GG5005:error.square().clamp(0, 4)|}.mean().backward();")]
    [InlineData("{|GG5005:functional.mse_loss(model.call(x), y).clamp(0, 1)|}.backward();")]
    [InlineData("{|GG5005:torch.minimum(functional.l1_loss(model.call(x), y), torch.tensor(2f))|}.backward();")]
    [InlineData("var bounded = {|GG5005:(model.call(x) - y).clamp(-1, 1)|}; functional.mse_loss(bounded, torch.zeros_like(bounded)).backward();")]
    [InlineData("var weight = torch.tensor(new[] { 1f, 2f }); var a = ({|GG5005:(model.call(x) - y).clamp(-1, 1)|}.pow(2) * weight).mean(); (a + other.call(x).pow(2).mean()).backward();")]
    [InlineData("var bound = x.shape[0] * 0.1; {|GG5005:(model.call(x) - y).clamp(-bound, bound)|}.abs().sum(1).mean().backward();")]
    public Task ForAClampOnAnErrorThatIsMinimised_Triggers(string step) => FindsInMethodAsync(InLoop(step));

    [Theory]
    [InlineData("functional.huber_loss(model.call(x), y, delta: 1).backward();")]
    [InlineData("var e = (model.call(x) - y).abs(); var q = e.clamp(max: 1); (0.5 * q.pow(2) + (e - q)).mean().backward();")]
    [InlineData("var p = model.call(x); var q = (p - y).abs().clamp(0, 1); var all = (y - p).abs(); (q.pow(2) + (all - q)).mean().backward();")]
    [InlineData("var ratio = (model.call(x) - y).exp(); torch.min(ratio * y, ratio.clamp(0.8, 1.2) * y).mean().neg().backward();")]
    [InlineData("var v = model.call(x); var old = v.detach(); var clipped = old + (v - old).clamp(-0.2, 0.2); torch.max((v - y).pow(2), (clipped - y).pow(2)).mean().backward();")]
    [InlineData("var old = y + 1; var clipped = old + (model.call(x) - old).clamp(-0.2, 0.2); (clipped - y).pow(2).mean().backward();")]
    [InlineData("(model.call(x) - other.call(x) + 1).clamp(min: 0).mean().backward();")]
    [InlineData("(1 - y * model.call(x)).clamp(min: 0).pow(2).mean().backward();")]
    [InlineData("functional.cross_entropy(model.call(x), y).clamp(min: 0.5).backward();")]
    [InlineData("functional.cross_entropy(model.call(x), y).clamp(max: 1000).backward();")]
    [InlineData("functional.mse_loss((x - model.call(x)).clamp(0, 1), y).backward();")]
    [InlineData("functional.mse_loss(model.call(x).clamp(-1, 1), y).backward();")]
    [InlineData("functional.mse_loss(model.call(x), (y - x).clamp(-1, 1)).backward();")]
    [InlineData("var td = (y - model.call(x)).detach().clamp(-1, 1); (model.call(x) * td).sum().backward();")]
    [InlineData("using (torch.no_grad()) { var shown = (model.call(x) - y).clamp(-1, 1).pow(2).mean(); } functional.mse_loss(model.call(x), y).backward();")]
    [InlineData("var advantage = (y - other.call(x)).clamp(-1, 1); (advantage * model.call(x)).mean().backward();")]
    [InlineData("var w = (model.call(x).max() - model.call(y).min()).clamp(min: 0); var h = (x.max() - model.call(x).min()).clamp(min: 0); (1 - (w * h) / (w * h + 1)).backward();")]
    [InlineData("var logVar = model.call(x).clamp(-10, 10); ((x - y).pow(2) / logVar.exp() + logVar).mean().backward();")]
    [InlineData("var p = model.call(x).sigmoid().clamp(1e-6, 1 - 1e-6); (-(y * p.log())).mean().backward();")]
    public Task ForClampsWithAReason_DoesNotTrigger(string step) => FindsInMethodAsync(InLoop(step));

    [Fact]
    public Task ForKnownAlgorithms_DoesNotTrigger() => FindsAsync(KnownAlgorithms.Source);

    [Theory]
    [InlineData("(model.call(x) - ).clamp(-1, 1).pow(2).mean().backward();")]
    [InlineData("(model.call(x) - y).clamp(-1, .pow(2).backward(")]
    public Task OverHalfWrittenCode_DoesNotTrigger(string step) => FindsInHalfWrittenAsync(
        $$"""
        class Trainer
        {
            void Train(Module<Tensor, Tensor> model, Tensor x, Tensor y)
            {
                {{step}}
            }
        }
        """);

    [Fact]
    public Task TheFix_CallsHuberLoss() => FixesInMethodAsync<GG5005ClampedErrorFix>(
        """
        foreach (var (x, y) in batches)
        {
            var a = {|GG5005:(model.call(x) - y).clamp(-1, 1)|}.pow(2).mean(); // bounded
            var b = {|GG5005:torch.clamp(y - model.call(x), -0.5, 0.5)|}.square().sum();
            (a + b).backward();
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            var a = functional.huber_loss(model.call(x), y, delta: 1); // bounded
            var b = functional.huber_loss(y, model.call(x), delta: 0.5, reduction: Reduction.Sum);
            (a + b).backward();
        }
        """);

    [Theory]
    [InlineData("var e = model.call(x) - y; {|GG5005:e.clamp(-1, 1)|}.pow(2).mean().backward();")]
    [InlineData("{|GG5005:(model.call(x) - y).clamp(-1, 2)|}.pow(2).mean().backward();")]
    [InlineData("{|GG5005:functional.mse_loss(model.call(x), y).clamp(0, 1)|}.backward();")]
    public Task TheFix_IsNotOfferedForOtherForms(string step) => OffersNoFixInMethodAsync<GG5005ClampedErrorFix>(InLoop(step));

    private static string InLoop(string step) =>
        $$"""
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {{step}}
            optimizer.step();
        }
        """;
}
