using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.TrainingLoop;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4009NoDisposeScopeFixTests() : OneRuleTests("GG4009")
{
    [Fact]
    public Task DisposesEachIteration_AndKeepsComments() => FixesInMethodAsync<GG4009NoDisposeScopeFix>(
        """
        {|GG4009:foreach|} (var (x, y) in batches)
        {
            // forget
            optimizer.zero_grad();
            var loss = model.call(x).mean();
            loss.backward();
            optimizer.step();
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            using var scope = torch.NewDisposeScope();
            // forget
            optimizer.zero_grad();
            var loss = model.call(x).mean();
            loss.backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task OffersNothing_WhereATensorOutlivesTheIteration() => OffersNoFixInMethodAsync<GG4009NoDisposeScopeFix>(
        """
        Tensor last = null;
        {|GG4009:foreach|} (var (x, y) in batches)
        {
            optimizer.zero_grad();
            last = model.call(x).mean();
            last.backward();
            optimizer.step();
        }
        Console.WriteLine(last);
        """);

    [Fact]
    public Task DisposesEachIteration_OfEveryLoopOfADocument() => FixesInMethodAsync<GG4009NoDisposeScopeFix>(
        """
        {|GG4009:foreach|} (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(x).mean().backward();
            optimizer.step();
        }

        {|GG4009:for|} (var i = 0; i < batches.Count; i++)
        {
            optimizer.zero_grad();
            model.call(batches[i].x).mean().backward();
            optimizer.step();
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            model.call(x).mean().backward();
            optimizer.step();
        }

        for (var i = 0; i < batches.Count; i++)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            model.call(batches[i].x).mean().backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task DisposesEachIteration_AtTheTopLevel() => FixesAsync<GG4009NoDisposeScopeFix>(
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        {|GG4009:for|} (var i = 0; i < 100; i++)
        {
            optimizer.zero_grad();
            model.call(torch.randn(3, 4)).mean().backward();
            optimizer.step();
        }
        """,
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 100; i++)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            model.call(torch.randn(3, 4)).mean().backward();
            optimizer.step();
        }
        """);
}
