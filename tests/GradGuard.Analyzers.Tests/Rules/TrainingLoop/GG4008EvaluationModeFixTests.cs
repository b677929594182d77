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

    [Fact]
    public Task Evaluates_UnderNoGrad_EverywhereInADocument() => FixesInMethodAsync<GG4008EvaluationModeFix>(
        """
        if (batches.Count > 1)
        {
            model.eval();
            foreach (var (x, y) in batches)
                Console.WriteLine({|GG4008:model.call(x)|});
        }
        else
        {
            other.eval();
            foreach (var (x, y) in batches)
                Console.WriteLine({|GG4008:other.call(x)|});
        }
        """,
        """
        if (batches.Count > 1)
        {
            model.eval();
            using var noGrad = torch.no_grad();
            foreach (var (x, y) in batches)
                Console.WriteLine(model.call(x));
        }
        else
        {
            other.eval();
            using var noGrad = torch.no_grad();
            foreach (var (x, y) in batches)
                Console.WriteLine(other.call(x));
        }
        """);

    [Fact]
    public Task Evaluates_UnderNoGrad_AtTheTopLevel() => FixesAsync<GG4008EvaluationModeFix>(
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        optimizer.zero_grad();
        model.eval(); // predict
        for (var i = 0; i < 10; i++)
            Console.WriteLine({|GG4008:model.call(torch.randn(3, 4))|});
        """,
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        optimizer.zero_grad();
        model.eval(); // predict
        using var noGrad = torch.no_grad();
        for (var i = 0; i < 10; i++)
            Console.WriteLine(model.call(torch.randn(3, 4)));
        """);
}
