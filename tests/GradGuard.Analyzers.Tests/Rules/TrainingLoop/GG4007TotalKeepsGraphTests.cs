using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4007TotalKeepsGraphTests() : OneRuleTests("GG4007")
{
    [Theory]
    [InlineData("total += {|GG4007:loss|};")]
    [InlineData("total = total + {|GG4007:loss|};")]
    [InlineData("total += {|GG4007:loss / 2|};")]
    [InlineData("total.add_({|GG4007:loss|});")]
    public Task ForATotalOfLosses_Triggers(string addition) => FindsInMethodAsync(
        $$"""
        Tensor total = zeros(1);
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            var loss = functional.mse_loss(model.call(x), y);
            loss.backward();
            optimizer.step();
            {{addition}}
        }
        Console.WriteLine(total.item<float>() / batches.Count);
        """);

    [Theory]
    [InlineData("total += loss.item<float>();")]
    [InlineData("total += loss.detach();")]
    [InlineData("using (no_grad()) total += loss;")]
    [InlineData("total += y.sum();")]
    public Task ForATotalOfNumbers_DoesNotTrigger(string addition) => FindsInMethodAsync(
        $$"""
        Tensor total = zeros(1);
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            var loss = functional.mse_loss(model.call(x), y);
            loss.backward();
            optimizer.step();
            {{addition}}
        }
        """);

    [Fact]
    public Task ForATotalThatIsDifferentiated_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            Tensor total = zeros(1);
            for (var t = 0; t < 3; t++)
            {
                var loss = functional.mse_loss(model.call(x[t]), y[t]);
                total += loss;
            }
            total.backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForATotalThatBeginsAnewInTheLoop_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            Tensor total = zeros(1);
            var loss = model.call(x).mean();
            loss.backward();
            total += loss;
        }
        """);

    [Fact]
    public Task ForAMeanOfTheTotalThatIsDifferentiated_DoesNotTrigger() => FindsInMethodAsync(
        """
        Tensor total = zeros(1);
        foreach (var (x, y) in batches)
        {
            var loss = model.call(x).mean();
            loss.backward(retain_graph: true);
            total += loss;
        }
        var mean = total / batches.Count;
        mean.backward();
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheSumIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model, Tensor x)
            {
                Tensor total = zeros(1);
                while (true)
                {
                    var loss = model.call(x).mean();
                    loss.backward();
                    total += {|GG4007:loss|};
                    total.
                }
        """);
}
