using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.TrainingLoop;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4002MisplacedClippingFixTests() : OneRuleTests("GG4002")
{
    [Fact]
    public Task Clips_JustBeforeTheStep_AndKeepsComments() => FixesInMethodAsync<GG4002MisplacedClippingFix>(
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            // tame it
            {|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|}; // to one
            model.call(x).mean().backward();
            // learn
            optimizer.step();
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(x).mean().backward();
            // tame it
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0); // to one
            // learn
            optimizer.step();
        }
        """);

    [Fact]
    public Task Clips_BeforeTheStep_WhereItStoodBehind() => FixesInMethodAsync<GG4002MisplacedClippingFix>(
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(x).mean().backward();
            optimizer.step();
            {|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(x).mean().backward();
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }
        """);

    [Fact]
    public Task OffersNothing_WhereTheStepStandsElsewhere() => OffersNoFixInMethodAsync<GG4002MisplacedClippingFix>(
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};
            model.call(x).mean().backward();
            if (batches.Count > 3)
                optimizer.step();
        }
        """);

    [Fact]
    public Task Clips_InEveryLoopOfADocument() => FixesInMethodAsync<GG4002MisplacedClippingFix>(
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            {|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};
            model.call(x).mean().backward();
            optimizer.step();
        }

        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(y).mean().backward();
            optimizer.step();
            {|GG4002:torch.nn.utils.clip_grad_value_(model.parameters(), 0.5)|};
        }
        """,
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(x).mean().backward();
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
        }

        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            model.call(y).mean().backward();
            torch.nn.utils.clip_grad_value_(model.parameters(), 0.5);
            optimizer.step();
        }
        """);

    [Fact]
    public Task Clips_AtTheTopLevel() => FixesAsync<GG4002MisplacedClippingFix>(
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        optimizer.zero_grad();
        {|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|}; // tame
        model.call(torch.randn(3, 4)).mean().backward();
        // learn
        optimizer.step();
        """,
        """
        // top-level
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        optimizer.zero_grad();
        model.call(torch.randn(3, 4)).mean().backward();
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0); // tame
        // learn
        optimizer.step();
        """);
}
