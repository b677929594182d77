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
}
