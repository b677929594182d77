using GradGuard.Analyzers.Tests.Verification;

namespace GradGuard.Analyzers.Tests.Rules.TrainingLoop;

public class GG4005GradientsOffTests() : OneRuleTests("GG4005")
{
    [Fact]
    public Task ForALossComputedUnderNoGrad_Triggers() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            using (no_grad())
            {
                var loss = functional.mse_loss(model.call(x), y);
                {|GG4005:loss.backward()|};
            }
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForALossThatLeavesInferenceMode_Triggers() => FindsInMethodAsync(
        """
        Tensor loss;
        using (torch.inference_mode())
            loss = model.call(batches[0].x).mean();
        {|GG4005:loss.backward()|};
        """);

    [Fact]
    public Task ForALossComputedInPlace_Triggers() => FindsInMethodAsync(
        """
        using var _ = torch.no_grad();
        {|GG4005:functional.mse_loss(model.call(batches[0].x), batches[0].y).backward()|};
        """);

    [Fact]
    public Task ForATrainedModuleThatOnlyRunsUnderNoGrad_Triggers() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            optimizer.zero_grad();
            Tensor features;
            using (no_grad())
                features = {|GG4005:model.call(x)|};
            var loss = functional.mse_loss(features * y, y);
            loss.backward();
            optimizer.step();
        }
        """);

    [Theory]
    [InlineData("{|GG4005:torch.no_grad()|};")]
    [InlineData("var guard = {|GG4005:no_grad()|};")]
    [InlineData("_ = {|GG4005:torch.inference_mode()|};")]
    public Task ForAGradModeThatNobodyDisposes_Triggers(string line) => FindsInMethodAsync(
        $$"""
        {{line}}
        Console.WriteLine(model.call(batches[0].x));
        """);

    [Theory]
    [InlineData("using var guard = torch.no_grad();")]
    [InlineData("using (torch.no_grad()) { }")]
    [InlineData("var guard = torch.no_grad(); guard.Dispose();")]
    [InlineData("torch.set_grad_enabled(false);")]
    [InlineData("using var guard = torch.inference_mode(false);")]
    [InlineData("IDisposable Off() => torch.no_grad();")]
    public Task ForAGradModeThatEnds_DoesNotTrigger(string line) => FindsInMethodAsync(
        $$"""
        {{line}}
        Console.WriteLine(batches.Count);
        """);

    [Fact]
    public Task ForABackwardAlone_UnderNoGrad_DoesNotTrigger() => FindsInMethodAsync(
        """
        var loss = model.call(batches[0].x).mean();
        using (no_grad())
            loss.backward();
        """);

    [Fact]
    public Task ForATeacherUnderNoGrad_DoesNotTrigger() => FindsInMethodAsync(
        """
        foreach (var (x, y) in batches)
        {
            Tensor wanted;
            using (no_grad())
                wanted = other.call(x);
            var loss = functional.mse_loss(model.call(x), wanted);
            loss.backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ForGradientsSwitchedOnInside_DoesNotTrigger() => FindsInMethodAsync(
        """
        using var off = torch.no_grad();
        using (torch.enable_grad())
        {
            var loss = model.call(batches[0].x).mean();
            loss.backward();
        }
        """);

    [Fact]
    public Task ForALossThatBeginsAsANumber_DoesNotTrigger() => FindsInMethodAsync(
        """
        Tensor loss;
        using (no_grad())
            loss = zeros(1);
        loss += model.call(batches[0].x).mean();
        loss.backward();
        """);

    [Fact]
    public Task ForAListOfLosses_DoesNotTrigger() => FindsInMethodAsync(
        """
        var losses = batches.Select(batch => model.call(batch.x).mean()).ToList();
        using (no_grad())
            losses[0].backward();
        """);

    [Fact]
    public Task ForHalfWrittenCode_Triggers_WhereTheScopeIsThere() => FindsInHalfWrittenAsync(
        """
        class Script
        {
            void Run(Linear model, Tensor x)
            {
                using (no_grad())
                {
                    var loss = model.call(x).mean();
                    {|GG4005:loss.backward()|};
                    loss.
                }
        """);
}
