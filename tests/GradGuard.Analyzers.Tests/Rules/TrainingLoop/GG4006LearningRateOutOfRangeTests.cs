using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4006LearningRateOutOfRangeTests() : OneRuleTests("GG4006")
{
    [Theory]
    [InlineData("optim.Adam(model.parameters(), {|GG4006:1.0|})")]
    [InlineData("optim.AdamW(model.parameters(), lr: {|GG4006:0.5|})")]
    [InlineData("optim.SGD(model.parameters(), {|GG4006:100|})")]
    [InlineData("optim.RMSProp(model.parameters(), {|GG4006:5e-12|})")]
    [InlineData("optim.Adam(model.parameters(), {|GG4006:-0.001|})")]
    [InlineData("optim.Adam(model.parameters(), {|GG4006:rate|})")]
    public Task ForARateOutOfTheOptimizersRange_Triggers(string made) => FindsInMethodAsync(
        $$"""
        const double rate = 3;
        var adam = {{made}};
        Console.WriteLine(adam);
        """);

    [Theory]
    [InlineData("optim.Adam(model.parameters(), 1e-3)")]
    [InlineData("optim.Adam(model.parameters())")]
    [InlineData("optim.SGD(model.parameters(), 5.0)")]
    [InlineData("optim.Adadelta(model.parameters(), 1.0)")]
    [InlineData("optim.Adam(model.parameters(), Environment.TickCount)")]
    [InlineData("optim.LBFGS(model.parameters(), 1)")]
    public Task ForAUsualRate_DoesNotTrigger(string made) => FindsInMethodAsync(
        $$"""
        var adam = {{made}};
        Console.WriteLine(adam);
        """);

    [Fact]
    public Task ForARateThatASchedulerScales_DoesNotTrigger() => FindsInMethodAsync(
        """
        var adam = optim.Adam(model.parameters(), 1.0);
        var scheduler = optim.lr_scheduler.LambdaLR(adam, step => 1e-3 / (step + 1));
        """);

    [Fact]
    public Task ForAGreatestRateOfTheUsersOwn_Triggers_AboveIt() => FindsInMethodAsync(
        """
        var sgd = optim.SGD(model.parameters(), {|GG4006:0.7|});
        """,
        "gradguard.max_learning_rate = 0.5");

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheRateIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model)
            {
                var adam = optim.Adam(model.parameters(), {|GG4006:10|});
                var next = optim.Adam(model.parameters(),
        """);
}
