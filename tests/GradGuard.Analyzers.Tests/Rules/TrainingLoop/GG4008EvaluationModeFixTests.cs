using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.TrainingLoop;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4008EvaluationModeFixTests() : OneRuleTests("GG4008")
{
    [Fact]
    public Task Evaluates_UnderNoGrad() => FixesInMethodAsync<GG4008EvaluationModeFix>(
        """
        var noGrad = 1;
        model.eval(); // predict
        foreach (var (x, y) in batches)
            Console.WriteLine({|GG4008:model.call(x)|} * noGrad);
        """,
        """
        var noGrad = 1;
        model.eval(); // predict
        using var noGrad2 = torch.no_grad();
        foreach (var (x, y) in batches)
            Console.WriteLine(model.call(x) * noGrad);
        """);
}
