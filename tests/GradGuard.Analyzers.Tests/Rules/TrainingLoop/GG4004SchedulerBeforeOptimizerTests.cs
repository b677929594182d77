using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4004SchedulerBeforeOptimizerTests() : OneRuleTests("GG4004")
{
    private const string Step = "optimizer.zero_grad(); functional.mse_loss(model.call(x), y).backward(); optimizer.step();";

    [Fact]
    public Task ForASchedulerBeforeTheOptimizer_Triggers() => FindsInMethodAsync(
        $$"""
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        foreach (var (x, y) in batches)
        {
            {|GG4004:scheduler.step()|};
            {{Step}}
        }
        """);

    [Fact]
    public Task ForASchedulerAtTheStartOfAnEpoch_Triggers() => FindsInMethodAsync(
        $$"""
        var scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, 10);
        for (var epoch = 0; epoch < 10; epoch++)
        {
            {|GG4004:scheduler.step()|};
            foreach (var (x, y) in batches)
            {
                {{Step}}
            }
        }
        """);

    [Fact]
    public Task ForASchedulerInACallee_Triggers() => FindsAsync(
        """
        class Trainer(Linear model, optim.Optimizer optimizer, optim.lr_scheduler.LRScheduler scheduler)
        {
            public void Run(Tensor[] batches)
            {
                foreach (var x in batches)
                {
                    Anneal();
                    optimizer.zero_grad();
                    model.call(x).mean().backward();
                    optimizer.step();
                }
            }
            private void Anneal() => {|GG4004:scheduler.step()|};
        }
        """);

    [Theory]
    [InlineData("", "scheduler.step();")]
    [InlineData("if (epoch > 0) scheduler.step();", "")]
    public Task ForASchedulerAfterTheFirstStep_DoesNotTrigger(string start, string end) => FindsInMethodAsync(
        $$"""
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        for (var epoch = 0; epoch < 10; epoch++)
        {
            {{start}}
            foreach (var (x, y) in batches)
            {
                {{Step}}
            }
            {{end}}
        }
        """);

    [Fact]
    public Task ForASchedulerThatCatchesUpBeforeTraining_DoesNotTrigger() => FindsInMethodAsync(
        $$"""
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        for (var done = 0; done < 5; done++)
            scheduler.step();
        foreach (var (x, y) in batches)
        {
            {{Step}}
            scheduler.step();
        }
        """);

    [Fact]
    public Task ForTheSchedulerOfAnotherOptimizer_DoesNotTrigger() => FindsInMethodAsync(
        $$"""
        var adam = optim.Adam(other.parameters());
        var scheduler = optim.lr_scheduler.StepLR(adam, 10);
        adam.step();
        foreach (var (x, y) in batches)
        {
            scheduler.step();
            {{Step}}
            adam.step();
        }
        """);

    [Fact]
    public Task ForTrainingThatCannotBeSeen_DoesNotTrigger() => FindsAsync(
        """
        interface IEpoch { void Run(optim.Optimizer optimizer); }
        class Trainer(Linear model, optim.Optimizer optimizer, optim.lr_scheduler.LRScheduler scheduler)
        {
            public void Run(IEpoch[] epochs, Tensor x)
            {
                foreach (var epoch in epochs)
                {
                    epoch.Run(optimizer);
                    scheduler.step();
                    model.call(x).mean().backward();
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheOrderIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model, Tensor x, optim.Optimizer optimizer)
            {
                var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
                while (x.
                {
                    {|GG4004:scheduler.step()|};
                    optimizer.step();
                }
        """);
}
