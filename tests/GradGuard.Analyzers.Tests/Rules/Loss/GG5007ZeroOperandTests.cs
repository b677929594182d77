using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Loss;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5007ZeroOperandTests() : OneRuleTests("GG5007")
{
    [Theory]
    [InlineData("return {|GG5007:torch.log(h.relu())|};")]
    [InlineData("var r = functional.relu(h) * 2; return {|GG5007:r.view(-1).log()|};")]
    [InlineData("var r = h.relu(); return {|GG5007:r / r.sum(1, keepdim: true)|};")]
    [InlineData("return {|GG5007:1 / h.relu()|};")]
    [InlineData("return {|GG5007:h.relu().rsqrt()|};")]
    [InlineData("return {|GG5007:(h - h.mean()) / h.std()|};")]
    [InlineData("return (h - h.mean()) / {|GG5007:h.var().sqrt()|};")]
    [InlineData("var c = h - h.mean(new[] { 1L }, true); return c / {|GG5007:torch.sqrt(c.pow(2).mean(new[] { 1L }, true))|};")]
    [InlineData("return {|GG5007:(h - h.min()) / (h.max() - h.min())|};")]
    [InlineData("var d = h - x; return {|GG5007:d.pow(2).sum(1).sqrt()|};")]
    [InlineData("var d = h - x; return {|GG5007:d / d.norm()|};")]
    [InlineData("return {|GG5007:functional.mse_loss(h, x).sqrt()|};")]
    [InlineData("var mask = h > 0; return {|GG5007:h.sum() / mask.sum()|};")]
    [InlineData("var u = torch.rand(4, 2); return h - torch.log(-{|GG5007:torch.log(u)|});")]
    [InlineData("return {|GG5007:torch.log(1 - h.sigmoid())|};")]
    public Task InForward_OverWhatCanBeZero_Triggers(string forward) => FindsAsync(InForward(forward));

    [Fact]
    public Task OnTheWayToBackward_Triggers() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            var distance = {|GG5007:torch.sqrt((model.call(x) - y).square().sum(1))|};
            distance.mean().backward();
            var shown = torch.log(model.call(x).relu());
        }
        """);

    [Theory]
    [InlineData("return torch.log(h.relu() + 1e-8);")]
    [InlineData("return torch.log(h.relu().clamp(min: 1e-8));")]
    [InlineData("var r = h.relu(); return torch.where(r > 0, r.log(), r);")]
    [InlineData("return h.relu().masked_fill(h <= 0, 1).log();")]
    [InlineData("return h.relu().sqrt();")]
    [InlineData("return (h - x).norm();")]
    [InlineData("return h / h.norm();")]
    [InlineData("return h.exp() / h.exp().sum();")]
    [InlineData("var s = h.sigmoid(); return s / s.sum();")]
    [InlineData("return h.pow(2).sum().sqrt();")]
    [InlineData("return (h - h.mean()) / (h.std() + 1e-5);")]
    [InlineData("return (h - h.mean()) / (h.var() + 1e-5).sqrt();")]
    [InlineData("return h / x.std();")]
    [InlineData("return h / x;")]
    [InlineData("return torch.log(x);")]
    [InlineData("return h / Math.Sqrt(2);")]
    [InlineData("return h.sum() / h.shape[0];")]
    [InlineData("return torch.log(h.softmax(1));")]
    [InlineData("return torch.log(1.001 - h.sigmoid());")]
    [InlineData("var p = h.sigmoid(); return x * p.log() + (1 - x) * (1 - p).log();")]
    [InlineData("return (h.softplus(1, 20) + 1e-3).log();")]
    [InlineData("return functional.normalize(h.relu(), 2, 1);")]
    [InlineData("using (torch.no_grad()) { var shown = torch.log(h.relu()); } return h;")]
    [InlineData("var a = torch.log(h.relu()).detach(); return h * a;")]
    public Task ForBoundedOrUnknownOperands_DoesNotTrigger(string forward) => FindsAsync(InForward(forward));

    [Fact]
    public Task WhereNothingIsTrained_DoesNotTrigger() => FindsAsync(
        """
        static class Metrics
        {
            public static Tensor RootMeanSquare(Tensor p, Tensor y) => functional.mse_loss(p, y).sqrt();
        }
        """);

    [Fact]
    public Task ForKnownAlgorithms_DoesNotTrigger() => FindsAsync(KnownAlgorithms.Source);

    [Theory]
    [InlineData("return torch.log(h.missing(")]
    [InlineData("return h / .std();")]
    public Task OverHalfWrittenCode_DoesNotTrigger(string forward) => FindsInHalfWrittenAsync(InForward(forward));

    [Fact]
    public Task TheFix_AddsAnEpsilonInside() => FixesAsync<GG5007ZeroOperandFix>(
        InForward(
            """
            var a = {|GG5007:torch.log(h.relu())|}; // safe
            var b = {|GG5007:(h - x).square().sum().sqrt()|};
            var c = {|GG5007:h / h.std()|};
            return a + b + c + {|GG5007:1 / (h.max() - h.min())|};
            """),
        InForward(
            """
            var a = torch.log(h.relu() + 1e-8); // safe
            var b = ((h - x).square().sum() + 1e-8).sqrt();
            var c = h / (h.std() + 1e-8);
            return a + b + c + 1 / ((h.max() - h.min()) + 1e-8);
            """));

    private static string InForward(string body) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                var h = fc.call(x);
                {{body}}
            }
        }
        """;
}
