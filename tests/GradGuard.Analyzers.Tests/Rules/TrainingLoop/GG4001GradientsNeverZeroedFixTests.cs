using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.TrainingLoop;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4001GradientsNeverZeroedFixTests() : OneRuleTests("GG4001")
{
    [Fact]
    public Task Zeroes_BeforeBackward_AndKeepsComments() => FixesInMethodAsync<GG4001GradientsNeverZeroedFix>(
        """
        foreach (var (x, y) in batches)
        {
            var loss = functional.mse_loss(model.call(x), y);
            // differentiate
            loss.backward(); // here
            {|GG4001:optimizer.step()|};
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            var loss = functional.mse_loss(model.call(x), y);
            optimizer.zero_grad();
            // differentiate
            loss.backward(); // here
            optimizer.step();
        }
        """);

    [Fact]
    public Task Zeroes_AfterAConditionalStep_SoThatAccumulationGoesOn() => FixesInMethodAsync<GG4001GradientsNeverZeroedFix>(
        """
        var n = 0;
        foreach (var (x, y) in batches)
        {
            functional.mse_loss(model.call(x), y).backward();
            if (++n % 4 == 0)
            {
                {|GG4001:optimizer.step()|}; // every fourth
            }
        }
        """,
        """
        var n = 0;
        foreach (var (x, y) in batches)
        {
            functional.mse_loss(model.call(x), y).backward();
            if (++n % 4 == 0)
            {
                optimizer.step(); // every fourth
                optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task Zeroes_InEveryLoopOfADocument() => FixesInMethodAsync<GG4001GradientsNeverZeroedFix>(
        """
        foreach (var (x, y) in batches)
        {
            model.call(x).mean().backward();
            {|GG4001:optimizer.step()|};
        }
        foreach (var (x, y) in batches)
        {
            model.call(y).mean().backward();
            {|GG4001:optimizer.step()|};
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(x).mean().backward();
            optimizer.step();
        }
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(y).mean().backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task Zeroes_InALoopAtTheTopLevel() => FixesAsync<GG4001GradientsNeverZeroedFix>(
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 100; i++)
        {
            model.call(torch.randn(3, 4)).mean().backward();
            {|GG4001:optimizer.step()|};
        }
        """,
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 100; i++)
        {
            optimizer.zero_grad();
            model.call(torch.randn(3, 4)).mean().backward();
            optimizer.step();
        }
        """);
}
