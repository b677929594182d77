using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.TrainingLoop;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4007TotalKeepsGraphFixTests() : OneRuleTests("GG4007")
{
    [Fact]
    public Task AddsTheNumber() => FixesInMethodAsync<GG4007TotalKeepsGraphFix>(
        """
        Tensor total = zeros(1);
        foreach (var (x, y) in batches)
        {
            var loss = model.call(x).mean();
            loss.backward();
            total += {|GG4007:loss|}; // sum
            total = total + {|GG4007:loss / 2|};
        }
        """,
        """
        Tensor total = zeros(1);
        foreach (var (x, y) in batches)
        {
            var loss = model.call(x).mean();
            loss.backward();
            total += loss.item<float>(); // sum
            total = total + (loss / 2).item<float>();
        }
        """);
}
