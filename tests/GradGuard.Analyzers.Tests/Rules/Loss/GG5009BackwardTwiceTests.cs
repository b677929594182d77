using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.Loss;

public class GG5009BackwardTwiceTests() : OneRuleTests("GG5009")
{
    [Theory]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); loss.backward(); {|GG5009:loss.backward()|};")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); loss.backward(); if (y is not null) {|GG5009:loss.backward()|};")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); loss.backward(); torch.autograd.backward(new[] { loss }); ", "torch.autograd.backward(new[] { loss })")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); loss.backward(); (loss * 0.5).backward();", "(loss * 0.5).backward()")]
    [InlineData("var p = model.call(x); functional.mse_loss(p, y).backward(); functional.l1_loss(p, y).backward();", "functional.l1_loss(p, y).backward()")]
    [InlineData("var p = model.call(x); p.pow(2).mean().backward(retain_graph: false); (p - y).abs().mean().backward();", "(p - y).abs().mean().backward()")]
    [InlineData("var fake = model.call(x); other.call(fake).mean().backward(); (-other.call(fake)).mean().backward();", "(-other.call(fake)).mean().backward()")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); for (var k = 0; k < 3; k++) { loss.backward(); optimizer.step(); }", "loss.backward()")]
    [InlineData("var h = model.call(x); while (optimizer is not null) { functional.mse_loss(other.call(h), y).backward(); }", "functional.mse_loss(other.call(h), y).backward()")]
    public Task ForTwoBackwardsThroughOneGraph_Triggers(string step, string? second = null) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {{(second is null ? step : step.Replace(second, "{|GG5009:" + second + "|}"))}}
            optimizer.step();
        }
        """);

    [Theory]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); loss.backward(retain_graph: true); loss.backward();")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); torch.autograd.backward(loss, create_graph: true); loss.backward();")]
    [InlineData("var keep = y is null; var loss = functional.mse_loss(model.call(x), y); loss.backward(retain_graph: keep); loss.backward();")]
    [InlineData("functional.mse_loss(model.call(x), y).backward(); functional.mse_loss(model.call(x), y).backward();")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); loss.backward(); loss = functional.mse_loss(model.call(x), y); loss.backward();")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); if (y is null) loss.backward(); else loss.backward();")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); if (y is null) { loss.backward(); continue; } loss.backward();")]
    [InlineData("for (var k = 0; k < 3; k++) { var loss = functional.mse_loss(model.call(x), y); loss.backward(); }")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); for (var k = 0; k < 3; k++) { if (k == 2) loss.backward(); }")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); while (true) { loss.backward(); break; }")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); for (var k = 0; k < 1; k++) loss.backward();")]
    [InlineData("var h = model.call(x).detach(); for (var k = 0; k < 3; k++) functional.mse_loss(other.call(h), y).backward();")]
    [InlineData("Tensor h; using (torch.no_grad()) h = model.call(x); for (var k = 0; k < 3; k++) functional.mse_loss(other.call(h), y).backward();")]
    [InlineData("foreach (var p in model.parameters()) p.requires_grad = false; var h = model.call(x); for (var k = 0; k < 3; k++) functional.mse_loss(other.call(h), y).backward();")]
    [InlineData("var fake = model.call(x); other.call(fake.detach()).mean().backward(); (-other.call(fake)).mean().backward();")]
    [InlineData("var v = other.call(x); functional.mse_loss(v, y).backward(); (-(model.call(x) * (y - v).detach())).mean().backward();")]
    [InlineData("var w = Parameter(torch.zeros(3)); var sum = (w * 2 + w).sum(); sum.backward(); sum.backward();")]
    [InlineData("var loss = torch.zeros(1); if (x is not null) loss = functional.mse_loss(model.call(x), y); loss.backward(); loss.backward();")]
    public Task ForBackwardsThroughGraphsOfTheirOwn_DoesNotTrigger(string step) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {{step}}
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForTruncatedBackpropagationThroughTime_DoesNotTrigger() => FindsInMethodAsync(
        """
        var hidden = torch.zeros(1, 2);
        foreach (var (x, y) in batches)
        {
            hidden = model.call(x + hidden.detach());
            functional.mse_loss(hidden, y).backward();
        }
        """);

    [Fact]
    public Task InAnInlinedStep_TriggersOnlyWhereItIsCertain() => FindsAsync(
        """
        sealed class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        class Trainer(Net net)
        {
            public void Train(Tensor x, Tensor y)
            {
                var loss = Loss(net.call(x), y);
                loss.backward();
                {|GG5009:loss.backward()|};
            }

            public void TrainOnce(Tensor x, Tensor y)
            {
                var loss = Loss(net.call(x), y);
                MayRun(loss);
                loss.backward();
            }

            private static void MayRun(Tensor loss)
            {
                if (loss.isnan().item<bool>())
                    return;
                loss.backward();
            }

            private static Tensor Loss(Tensor p, Tensor y) => functional.mse_loss(p, y);
        }
        """);

    [Fact]
    public Task ForKnownAlgorithms_DoesNotTrigger() => FindsAsync(KnownAlgorithms.Source);

    [Theory]
    [InlineData("loss.backward(; loss.backward();")]
    [InlineData("model.call().backward(); model.call(x).backward(")]
    [InlineData("while (true) { missing.backward(); }")]
    public Task OverHalfWrittenCode_DoesNotTrigger(string step) => FindsInHalfWrittenAsync(
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
