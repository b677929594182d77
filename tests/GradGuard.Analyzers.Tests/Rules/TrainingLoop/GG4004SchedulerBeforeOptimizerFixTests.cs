using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.TrainingLoop;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4004SchedulerBeforeOptimizerFixTests() : OneRuleTests("GG4004")
{
    [Fact]
    public Task Steps_AfterTheOptimizer_AndKeepsComments() => FixesInMethodAsync<GG4004SchedulerBeforeOptimizerFix>(
        """
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        foreach (var (x, y) in batches)
        {
            {|GG4004:scheduler.step()|}; // anneal
            model.call(x).mean().backward();
            optimizer.step();
        }
        """,
        """
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        foreach (var (x, y) in batches)
        {
            model.call(x).mean().backward();
            optimizer.step();
            scheduler.step(); // anneal
        }
        """);

    [Fact]
    public Task Steps_AfterTheInnerLoop() => FixesInMethodAsync<GG4004SchedulerBeforeOptimizerFix>(
        """
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            {|GG4004:scheduler.step()|};
            foreach (var (x, y) in batches)
            {
                model.call(x).mean().backward();
                optimizer.step();
            }
        }
        """,
        """
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var (x, y) in batches)
            {
                model.call(x).mean().backward();
                optimizer.step();
            }
            scheduler.step();
        }
        """);

    [Fact]
    public Task Steps_InEveryLoopOfADocument() => FixesAsync<GG4004SchedulerBeforeOptimizerFix>(
        """
        class Trainer(Linear model, optim.Optimizer optimizer, optim.lr_scheduler.LRScheduler scheduler)
        {
            public void Train(Tensor x)
            {
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    {|GG4004:scheduler.step()|}; // first
                    model.call(x).mean().backward();
                    optimizer.step();
                }
            }

            public void Anneal(Tensor x)
            {
                for (var epoch = 0; epoch < 9; epoch++)
                {
                    model.call(x).sum().backward();
                    {|GG4004:scheduler.step()|};
                    optimizer.step();
                }
            }
        }
        """,
        """
        class Trainer(Linear model, optim.Optimizer optimizer, optim.lr_scheduler.LRScheduler scheduler)
        {
            public void Train(Tensor x)
            {
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    model.call(x).mean().backward();
                    optimizer.step();
                    scheduler.step(); // first
                }
            }

            public void Anneal(Tensor x)
            {
                for (var epoch = 0; epoch < 9; epoch++)
                {
                    model.call(x).sum().backward();
                    optimizer.step();
                    scheduler.step();
                }
            }
        }
        """);

    [Fact]
    public Task Steps_InALoopAtTheTopLevel() => FixesAsync<GG4004SchedulerBeforeOptimizerFix>(
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            {|GG4004:scheduler.step()|};
            model.call(torch.randn(3, 4)).mean().backward();
            optimizer.step();
        }
        """,
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            model.call(torch.randn(3, 4)).mean().backward();
            optimizer.step();
            scheduler.step();
        }
        """);
}
