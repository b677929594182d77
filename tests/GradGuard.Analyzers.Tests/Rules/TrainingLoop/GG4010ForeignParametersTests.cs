using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4010ForeignParametersTests() : OneRuleTests("GG4010")
{
    [Fact]
    public Task ForAnotherModulesParameters_Triggers() => FindsInMethodAsync(
        """
        var first = Linear(4, 2);
        var second = Linear(4, 2);
        var adam = {|GG4010:optim.Adam(first.parameters())|};
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            second.call(x).mean().backward();
            adam.step();
        }
        """);

    [Fact]
    public Task ForAModuleBuiltAnewSince_Triggers() => FindsInMethodAsync(
        """
        var net = new Net();
        var adam = {|GG4010:optim.Adam(net.parameters())|};
        net = new Net();
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            net.call(x).mean().backward();
            adam.step();
        }
        """);

    [Fact]
    public Task ForAModuleMovedSince_Triggers() => FindsInMethodAsync(
        """
        var net = new Net();
        var adam = {|GG4010:optim.Adam(net.parameters())|};
        net.to(CUDA);
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            net.call(x).mean().backward();
            adam.step();
        }
        """);

    [Fact]
    public Task ForAnOptimizerMadeAfterTheMove_DoesNotTrigger() => FindsInMethodAsync(
        """
        var net = new Net().to(CUDA);
        net.cuda();
        var adam = optim.Adam(net.parameters());
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            net.call(x).mean().backward();
            adam.step();
        }
        net.to(CPU);
        """);

    [Fact]
    public Task ForAModuleInsideAnother_DoesNotTrigger() => FindsInMethodAsync(
        """
        var head = Linear(4, 2);
        var all = Sequential(("body", Linear(4, 4)), ("head", head));
        var adam = optim.Adam(head.parameters());
        foreach (var (x, y) in batches)
        {
            adam.zero_grad();
            all.call(x).mean().backward();
            adam.step();
        }
        """);

    [Fact]
    public Task ForTwoOptimizersOfOneLoss_DoesNotTrigger() => FindsInMethodAsync(
        """
        var encoder = Linear(4, 2);
        var decoder = Linear(2, 4);
        var first = optim.Adam(encoder.parameters());
        var second = optim.Adam(decoder.parameters());
        foreach (var (x, y) in batches)
        {
            decoder.call(encoder.call(x)).mean().backward();
            first.step();
            second.step();
        }
        """);

    [Fact]
    public Task ForOneModuleUnderTwoNames_DoesNotTrigger() => FindsInMethodAsync(
        """
        var net = new Net();
        var same = net;
        var adam = optim.Adam(net.parameters());
        foreach (var (x, y) in batches)
        {
            same.call(x).mean().backward();
            adam.step();
        }
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheMoveIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            private void Run(Linear net, Tensor x)
            {
                var adam = {|GG4010:optim.Adam(net.parameters())|};
                net.to(CUDA);
                net.call(x).mean().backward();
                adam.step();
                adam.
        """);
}
