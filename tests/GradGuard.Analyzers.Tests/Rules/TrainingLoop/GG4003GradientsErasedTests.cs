using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4003GradientsErasedTests() : OneRuleTests("GG4003")
{
    [Theory]
    [InlineData("{|GG4003:optimizer.zero_grad()|};")]
    [InlineData("{|GG4003:model.zero_grad()|};")]
    [InlineData("torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0); {|GG4003:optimizer.zero_grad()|};")]
    public Task ForAZeroGradBetweenBackwardAndStep_Triggers(string between) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            functional.mse_loss(model.call(x), y).backward();
            {{between}}
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForAZeroGradInACallee_Triggers() => FindsAsync(
        """
        class Trainer(Linear model, optim.Optimizer optimizer)
        {
            public void Learn(Tensor x)
            {
                model.call(x).mean().backward();
                Finish();
            }
            private void Finish()
            {
                {|GG4003:optimizer.zero_grad()|};
                optimizer.step();
            }
        }
        """);

    [Theory]
    [InlineData("optimizer.zero_grad(); var loss = functional.mse_loss(model.call(x), y); loss.backward(); optimizer.step();")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); optimizer.zero_grad(); loss.backward(); optimizer.step();")]
    [InlineData("var loss = functional.mse_loss(model.call(x), y); loss.backward(); optimizer.step(); optimizer.zero_grad();")]
    [InlineData("functional.mse_loss(model.call(x), y).backward(); if (x.isnan().any().item<bool>()) optimizer.zero_grad(); optimizer.step();")]
    [InlineData("functional.mse_loss(model.call(x), y).backward(); if (y is null) { optimizer.zero_grad(); continue; } optimizer.step();")]
    [InlineData("model.call(x).sum().backward(); optimizer.zero_grad(); model.call(y).sum().backward(); optimizer.step();")]
    [InlineData("model.call(x).sum().backward(); var g = model.parameters().Select(p => p.grad.clone()).ToList(); optimizer.zero_grad(); foreach (var (p, i) in model.parameters().Select((p, i) => (p, i))) p.grad = g[i]; optimizer.step();")]
    public Task ForHealthyOrders_DoesNotTrigger(string body) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            {{body}}
        }
        """);

    [Fact]
    public Task ForGenerativeAdversarialTraining_DoesNotTrigger() => FindsInMethodAsync(
        """
        var generator = optim.Adam(sequence.parameters());
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(sequence.call(x).detach()).mean().backward();
            generator.zero_grad();
            optimizer.step();
            model.call(sequence.call(x)).mean().backward();
            generator.step();
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheOrderIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model, Tensor x, optim.Optimizer optimizer)
            {
                model.call(x).sum().backward();
                {|GG4003:optimizer.zero_grad()|};
                optimizer.step();
                optimizer.step(
        """);
}
