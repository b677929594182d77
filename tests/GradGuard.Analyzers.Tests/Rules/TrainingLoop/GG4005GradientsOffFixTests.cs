using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.TrainingLoop;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4005GradientsOffFixTests() : OneRuleTests("GG4005")
{
    [Fact]
    public Task Disposes_WhatWasThrownAway_AndKeepsComments() => FixesInMethodAsync<GG4005GradientsOffFix>(
        """
        // predict
        {|GG4005:torch.no_grad()|}; // no graph
        Console.WriteLine(model.call(batches[0].x));
        if (batches.Count > 1)
        {
            var guard = {|GG4005:torch.inference_mode()|};
            Console.WriteLine(model.call(batches[1].x));
        }
        """,
        """
        // predict
        using var noGrad = torch.no_grad(); // no graph
        Console.WriteLine(model.call(batches[0].x));
        if (batches.Count > 1)
        {
            using var guard = torch.inference_mode();
            Console.WriteLine(model.call(batches[1].x));
        }
        """);

    [Fact]
    public Task Disposes_AtTheTopLevel() => FixesAsync<GG4005GradientsOffFix>(
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        optimizer.zero_grad();
        // predict
        {|GG4005:torch.no_grad()|}; // no graph
        Console.WriteLine(model.call(torch.randn(3, 4)));
        """,
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        optimizer.zero_grad();
        // predict
        using var noGrad = torch.no_grad(); // no graph
        Console.WriteLine(model.call(torch.randn(3, 4)));
        """);
}
