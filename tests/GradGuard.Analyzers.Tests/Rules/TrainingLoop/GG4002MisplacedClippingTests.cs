using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4002MisplacedClippingTests() : OneRuleTests("GG4002")
{
    [Theory]
    [InlineData("{|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};", "", "")]
    [InlineData("", "", "{|GG4002:torch.nn.utils.clip_grad_value_(model.parameters(), 1.0)|};")]
    [InlineData("", "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);", "")]
    public Task InALoop_Triggers_UnlessBetweenBackwardAndStep(string beforeBackward, string between, string afterStep) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            var loss = functional.mse_loss(model.call(x), y);
            {{beforeBackward}}
            loss.backward();
            {{between}}
            optimizer.step();
            {{afterStep}}
        }
        """);

    [Fact]
    public Task ForOneStepWithoutALoop_Triggers() => FindsInMethodAsync(
        """
        var (x, y) = batches[0];
        {|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};
        functional.mse_loss(model.call(x), y).backward();
        optimizer.step();
        """);

    [Fact]
    public Task ForClippingInACallee_Triggers() => FindsAsync(
        """
        class Trainer(Linear model, optim.Optimizer optimizer)
        {
            public void Run(Tensor[] batches)
            {
                foreach (var x in batches)
                {
                    optimizer.zero_grad();
                    Clip();
                    model.call(x).mean().backward();
                    optimizer.step();
                }
            }
            private void Clip() => {|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};
        }
        """);

    [Fact]
    public Task ForALoopThatStepsFirst_DoesNotTrigger() => FindsInMethodAsync(
        """
        model.call(batches[0].x).mean().backward();
        foreach (var (x, y) in batches)
        {
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
            optimizer.zero_grad();
            functional.mse_loss(model.call(x), y).backward();
        }
        """);

    [Fact]
    public Task ForGradientAccumulation_DoesNotTrigger() => FindsInMethodAsync(
        """
        var n = 0;
        foreach (var (x, y) in batches)
        {
            functional.mse_loss(model.call(x), y).backward();
            if (++n % 4 != 0)
                continue;
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            optimizer.step();
            optimizer.zero_grad();
        }
        """);

    [Fact]
    public Task ForTheOtherNetworkOfAPair_DoesNotTrigger() => FindsInMethodAsync(
        """
        var adam = optim.Adam(sequence.parameters());
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            adam.zero_grad();
            (model.call(x).mean() + sequence.call(x).mean()).backward();
            optimizer.step();
            torch.nn.utils.clip_grad_norm_(sequence.parameters(), 1.0);
            adam.step();
        }
        """);

    [Fact]
    public Task ForAMethodThatOnlyClipsAndSteps_DoesNotTrigger() => FindsInMethodAsync(
        """
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
        optimizer.step();
        optimizer.zero_grad();
        """);

    [Fact]
    public Task ForABackwardThatCannotBeSeen_DoesNotTrigger() => FindsInMethodAsync(
        """
        Action<Net> backward = Environment.TickCount > 0 ? net => net.call(batches[0].x).sum().backward() : null;
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            backward(model);
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            functional.mse_loss(model.call(x), y).backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheOrderIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model, Tensor x)
            {
                var optimizer = optim.Adam(model.parameters());
                for (;;)
                {
                    optimizer.zero_grad();
                    {|GG4002:torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)|};
                    model.call(x).sum().backward();
                    optimizer.step();
                    Log(
                }
            }
        """);
}
