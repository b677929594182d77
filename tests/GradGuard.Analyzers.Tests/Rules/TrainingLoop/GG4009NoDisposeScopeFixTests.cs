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
}
