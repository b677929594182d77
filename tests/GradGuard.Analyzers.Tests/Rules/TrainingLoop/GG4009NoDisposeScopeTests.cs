using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4009NoDisposeScopeTests() : OneRuleTests("GG4009")
{
    [Fact]
    public Task ForATrainingLoopThatDisposesNothing_Triggers() => FindsInMethodAsync(
        """
        {|GG4009:foreach|} (var (x, y) in batches)
        {
            optimizer.zero_grad();
            var loss = functional.mse_loss(model.call(x), y);
            loss.backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForTheInnermostLoop_Triggers() => FindsInMethodAsync(
        """
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var i = 0;
            {|GG4009:while|} (i < batches.Count)
            {
                optimizer.zero_grad();
                model.call(batches[i++].x).mean().backward();
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task ForAStepInACallee_Triggers() => FindsAsync(
        """
        class Trainer(Linear model, optim.Optimizer optimizer)
        {
            private void Run(Tensor[] batches)
            {
                {|GG4009:for|} (var i = 0; i < batches.Length; i++)
                    Learn(batches[i]);
            }
            private void Learn(Tensor x)
            {
                model.call(x).mean().backward();
                optimizer.step();
            }
        }
        """);

    [Theory]
    [InlineData("using var scope = torch.NewDisposeScope();")]
    [InlineData("using var prediction = model.call(x);")]
    [InlineData("x.Dispose();")]
    public Task ForALoopThatGivesMemoryBack_DoesNotTrigger(string line) => FindsInMethodAsync(
        $$"""
        foreach (var (x, y) in batches)
        {
            {{line}}
            optimizer.zero_grad();
            functional.mse_loss(model.call(x), y).backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForAScopeInTheCaller_DoesNotTrigger() => FindsAsync(
        """
        class Trainer(Linear model, optim.Optimizer optimizer)
        {
            private void Run(Tensor[] batches)
            {
                using (torch.NewDisposeScope())
                    Epoch(batches);
            }
            private void Epoch(Tensor[] batches)
            {
                foreach (var x in batches)
                {
                    model.call(x).mean().backward();
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task ForALoopThatOnlyPredicts_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
            Console.WriteLine(model.call(x));
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheLoopIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            private void Run(Linear model, optim.Optimizer optimizer, Tensor x)
            {
                {|GG4009:for|} (;;)
                {
                    model.call(x).mean().backward();
                    optimizer.step();
                    model.call(
                }
        """);
}
