using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>The summary says which alert was not looked for, where and why.</summary>
public sealed class NotEvaluatedTests
{
    [Theory]
    [InlineData(3, "GG9002,GG9003,GG9004,GG9005,GG9006,GG9007,GG9008,GG9010,GG9011,GG9012")]
    [InlineData(30, "GG9006,GG9007,GG9008,GG9011,GG9012")]
    [InlineData(120, "GG9008,GG9011,GG9012")]
    [InlineData(501, "")]
    public void EachDetectorThatNeedsALongerRun_IsNamed(int steps, string expected)
    {
        var summary = new TrainingRun { Steps = steps, Batch = 4 }.Train(static () => Models.Deep(5, 8, static () => ReLU(), static _ => { })).Summary!;

        Assert.All(summary.NotEvaluated, static missing => Assert.Equal("", missing.Layer));
        Assert.Equal(expected, string.Join(',', summary.NotEvaluated.Select(static missing => missing.Id).Distinct()));
        Assert.All(summary.NotEvaluated, missing => Assert.StartsWith($"{steps} steps were ", missing.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void AShallowModel_HasNoSlopeOverDepth()
        => Assert.Contains(new TrainingRun().Train(Models.Mlp).Summary!.NotEvaluated,
            static missing => missing is { Id: "GG9003", Layer: "" } && missing.Reason.Contains("a slope over depth needs 4", StringComparison.Ordinal));

    [Fact]
    public void ALayerThatWasNotHeard_IsListedForEachDetectorThatWouldJudgeIt()
    {
        var summary = new TrainingRun { Steps = 5 }.Train(static () => new Unheard()).Summary!;

        Assert.Equal(["GG9001", "GG9003", "GG9010"], Of(summary, "fc"));
        Assert.Equal(["GG9001", "GG9004"], Of(summary, "relu"));
        Assert.Equal(["GG9001", "GG9005"], Of(summary, "squash"));
        Assert.Equal(["GG9001", "GG9009", "GG9010"], Of(summary, "rnn"));
        Assert.Equal(["GG9001"], Of(summary, "dropout"));
    }

    [Fact]
    public void ARecurrenceInsideOneNativeCall_IsListedForItsStates()
        => Assert.Equal(["GG9009"], Of(new TrainingRun { Steps = 5, Input = Models.AsSequence }.Train(static () => Reader.Lstm(8)).Summary!, "rnn"));

    [Fact]
    public void AResumedRun_DidNotSeeItsStart()
    {
        manual_seed(1);
        using var model = Models.Mlp();
        using var state = new MemoryStream();
        using (var first = GradientMonitor.Attach(model))
            Assert.True(first.SaveState(state));
        state.Position = 0;
        using var monitor = GradientMonitor.Attach(model);
        Assert.True(monitor.LoadState(state));

        Assert.Contains(monitor.Summary().NotEvaluated, static missing => missing.Id == "GG9010");
    }

    private static string[] Of(MonitorSummary summary, string layer)
        => [.. summary.NotEvaluated.Where(missing => missing.Layer == layer).Select(static missing => missing.Id)];

    private sealed class Unheard : Module<Tensor, Tensor>
    {
        private readonly Linear fc = Linear(32, 4);
        private readonly ReLU relu = ReLU();
        private readonly Sigmoid squash = Sigmoid();
        private readonly Dropout dropout = Dropout();
        private readonly RNN rnn = RNN(4, 4);

        public Unheard()
            : base(nameof(Unheard)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var x = squash.forward(relu.forward(dropout.forward(fc.forward(input))));
            return rnn.forward(x.unsqueeze(0), null).Item1.squeeze(0);
        }
    }
}
