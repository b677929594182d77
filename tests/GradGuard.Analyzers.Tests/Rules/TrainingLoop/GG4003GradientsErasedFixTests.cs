using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.TrainingLoop;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4003GradientsErasedFixTests() : OneRuleTests("GG4003")
{
    [Fact]
    public Task Zeroes_AfterTheStep_AndKeepsComments() => FixesInMethodAsync<GG4003GradientsErasedFix>(
        """
        foreach (var (x, y) in batches)
        {
            model.call(x).mean().backward();
            // forget
            {|GG4003:optimizer.zero_grad()|}; // all
            optimizer.step(); // learn
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            model.call(x).mean().backward();
            optimizer.step(); // learn
            // forget
            optimizer.zero_grad(); // all
        }
        """);

    [Fact]
    public Task Zeroes_InEveryLoopOfADocument() => FixesInMethodAsync<GG4003GradientsErasedFix>(
        """
        foreach (var (x, y) in batches)
        {
            model.call(x).mean().backward();
            {|GG4003:optimizer.zero_grad()|};
            optimizer.step();
        }

        foreach (var (x, y) in batches)
        {
            model.call(y).mean().backward();
            {|GG4003:model.zero_grad()|};
            optimizer.step();
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            model.call(x).mean().backward();
            optimizer.step();
            optimizer.zero_grad();
        }

        foreach (var (x, y) in batches)
        {
            model.call(y).mean().backward();
            optimizer.step();
            model.zero_grad();
        }
        """);

    [Fact]
    public Task Zeroes_AtTheTopLevel() => FixesAsync<GG4003GradientsErasedFix>(
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        model.call(torch.randn(3, 4)).mean().backward();
        // forget
        {|GG4003:optimizer.zero_grad()|};
        optimizer.step(); // learn
        """,
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        model.call(torch.randn(3, 4)).mean().backward();
        optimizer.step(); // learn
        // forget
        optimizer.zero_grad();
        """);
}
