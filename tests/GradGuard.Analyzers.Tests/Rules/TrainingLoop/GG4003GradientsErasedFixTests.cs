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
}
