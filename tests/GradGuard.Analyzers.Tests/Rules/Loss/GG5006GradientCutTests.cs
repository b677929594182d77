using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5006GradientCutTests() : OneRuleTests("GG5006")
{
    [Theory]
    [InlineData("var loss = functional.mse_loss({|GG5006:model.call(x).detach()|}, y); loss.backward();")]
    [InlineData("var p = {|GG5006:model.call(x).argmax(1)|}; functional.cross_entropy(p.to(ScalarType.Float32), y).backward();")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); {|GG5006:torch.tensor(loss.item<float>())|}.backward();")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); var scaled = loss.item<float>() * 0.5f; {|GG5006:torch.tensor(scaled, requires_grad: true)|}.backward();")]
    [InlineData("var loss = functional.mse_loss({|GG5006:model.call(x).round()|}, y); torch.autograd.backward(loss);")]
    [InlineData("var right = {|GG5006:model.call(x) > 0|}; (1 - right.to(ScalarType.Float32).mean()).backward();")]
    [InlineData("var p = model.call(x); using (torch.enable_grad()) { ({|GG5006:p.sign()|} - y).pow(2).mean().backward(); }")]
    public Task WhereEveryWayToTheParametersIsCut_Triggers(string step) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {{step}}
            optimizer.step();
        }
        """);

    [Fact]
    public Task InAnotherMethod_Triggers() => FindsAsync(
        """
        sealed class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => {|GG5006:fc.call(x).detach()|};
        }

        class Trainer(Net net, IEnumerable<(Tensor, Tensor)> loader)
        {
            public void Train()
            {
                foreach (var (x, y) in loader)
                    Loss(net.call(x), y).backward();
            }

            private static Tensor Loss(Tensor p, Tensor y) => functional.mse_loss(p, y);
        }
        """);

    [Theory]
    [InlineData("functional.mse_loss(model.call(x), y).backward();")]
    [InlineData("var target = other.call(x).detach(); functional.mse_loss(model.call(x), target).backward();")]
    [InlineData("var h = model.call(x).detach(); functional.mse_loss(other.call(h), y).backward();")]
    [InlineData("var h = model.call(x); var q = h + (h.round() - h).detach(); functional.mse_loss(q, y).backward();")]
    [InlineData("var p = model.call(x); var right = p.argmax(1).eq(y).sum().item<long>(); functional.cross_entropy(p, y).backward();")]
    [InlineData("var v = other.call(x); var advantage = (y - v).detach(); (-(model.call(x) * advantage)).mean().backward();")]
    [InlineData("var h = model.call(x).detach(); h.requires_grad_(); h.pow(2).sum().backward();")]
    [InlineData("var h = model.call(x).detach().requires_grad_(true); functional.mse_loss(h, y).backward();")]
    [InlineData("var h = model.call(x).detach(); h.requires_grad = true; functional.mse_loss(h, y).backward();")]
    [InlineData("Tensor p; using (torch.no_grad()) { p = model.call(x).round(); } functional.mse_loss(p, y).backward();")]
    [InlineData("var p = model.call(x).detach(); if (y.isnan().any().item<bool>()) p = model.call(x); functional.mse_loss(p, y).backward();")]
    [InlineData("var step = torch.tensor(x.mean().item<float>()); (model.call(x) * step).sum().backward();")]
    [InlineData("var image = model.call(x).detach(); var seed = Parameter(image); functional.mse_loss(seed, y).backward();")]
    [InlineData("var p = model.call(x); (p.remainder(2) - y).pow(2).mean().backward();")]
    public Task WhereAGradientStillArrives_DoesNotTrigger(string step) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {{step}}
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForGenerativeAdversarialTraining_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            var fake = model.call(x);
            var judged = functional.binary_cross_entropy_with_logits(other.call(fake.detach()), y);
            judged.backward();
            functional.binary_cross_entropy_with_logits(other.call(fake), y).backward();
        }
        """);

    [Fact]
    public Task ForLossesThatComeFromOutside_DoesNotTrigger() => FindsAsync(
        """
        static class Steps
        {
            public static void Of(Tensor loss, Tensor weight) => (loss.detach() * weight).backward();
            public static void Of(IEnumerable<Tensor> losses)
            {
                foreach (var loss in losses)
                    (loss.detach() + loss).backward();
            }
        }
        """);

    [Fact]
    public Task ForKnownAlgorithms_DoesNotTrigger() => FindsAsync(KnownAlgorithms.Source);

    [Theory]
    [InlineData("{|GG5006:model.call(x).detach()|}.backward(")]
    [InlineData("{|GG5006:model.call().argmax(1)|}.backward();")]
    [InlineData("missing.detach().backward();")]
    [InlineData("model.call(x).missing().detach().item<float>(.backward();")]
    public Task OverHalfWrittenCode_DoesNotThrow(string step) => FindsInHalfWrittenAsync(
        $$"""
        class Trainer
        {
            void Train(Module<Tensor, Tensor> model, Tensor x)
            {
                {{step}}
            }
        }
        """);
}
