using GradGuard.Instrumentation.Tests.Compiling;
using GradGuard.Monitor;

namespace GradGuard.Instrumentation.Tests.Watching;

/// <summary>Models as they are written, watched without a change to their code.</summary>
public sealed class RealCodeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public static TheoryData<string, string[]> Models => new()
    {
        { "FieldsAndForward", ["FieldsAndForward.forward:relu", "FieldsAndForward.forward:sigmoid", "FieldsAndForward.forward:tanh"] },
        { "InPlace", ["InPlace.forward:relu", "InPlace.forward:relu", "InPlace.forward:sigmoid"] },
        { "SwapDispose", ["SwapDispose.forward:relu", "SwapDispose.forward:gelu"] },
        { "Lists", ["Lists.new:leaky_relu", "Lists.forward:silu"] },
        { "Stacks", [] },
        { "OldStyleCalls", ["OldStyleCalls.forward:softplus"] },
        { "Helpers", ["Extensions.Squash:sigmoid", "Helpers.Activate:expit"] },
        {
            "Outer",
            [
                "encoder.forward:relu", "residual.inner.forward:relu6", "gated.forward:sigmoid", "hidden.forward:elu", "bag.forward:selu",
                "Outer.forward:log_softmax",
            ]
        },
        { "LSTM", [] },
        { "HandWrittenRecurrence", ["HandWrittenRecurrence.forward:tanh"] },
        { "TrainsItself", ["TrainsItself.forward:hardtanh"] },
    };

    [Theory, MemberData(nameof(Models))]
    public void WithInstrumentation_EveryModuleCallAndEveryActivationIsObserved(string model, string[] activations)
    {
        var (summary, layers) = Watch(UserProject.Instrumented, model);

        Assert.DoesNotContain(summary.NotEvaluated, static missing => missing is { Id: "GG9001", Layer.Length: > 0 });
        Assert.Equal(summary.Code.Activations, summary.Code.ActivationsSeen);
        Assert.Equal(activations.Order(), layers.Where(static layer => layer.Contains('@')).Distinct().Select(static layer => layer[..layer.IndexOf('@')]).Order());
    }

    [Theory, MemberData(nameof(Models))]
    public void WithoutInstrumentation_NothingThatForwardRunsIsObserved(string model, string[] activations)
    {
        var (summary, layers) = Watch(UserProject.Plain, model);

        Assert.Equal(0, summary.Code.Activations);
        Assert.DoesNotContain(layers, static layer => layer.Contains('@'));
        if (model != "OldStyleCalls")
            Assert.Contains(summary.NotEvaluated, static missing => missing.Reason.Contains("GradGuardInstrument", StringComparison.Ordinal));
        Assert.NotNull(activations);
    }

    public static TheoryData<string> Names => [.. Models.Select(static row => row.Data.Item1)];

    [Theory, MemberData(nameof(Names))]
    public void ParametersAreBitForBitTheSame_InstrumentedOrNot_WatchedOrNot(string model)
    {
        foreach (var seed in new long[] { 3, 71 })
        {
            var plain = UserProject.Plain.Train(model, seed, static _ => null);
            Assert.Equal(plain, UserProject.Instrumented.Train(model, seed, static _ => null));
            Assert.Equal(plain, UserProject.Plain.Train(model, seed, static module => GradientMonitor.Attach(module, new() { SampleEvery = 1 })));
            Assert.Equal(plain, UserProject.Instrumented.Train(model, seed, static module => GradientMonitor.Attach(module, new() { SampleEvery = 1 })));
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private (MonitorSummary Summary, IReadOnlyList<string> Layers) Watch(UserProject project, string model)
    {
        GradientMonitor? monitor = null;
        var options = new GradientMonitorOptions { SampleEvery = 1, RunDirectory = Path.Combine(_directory, model) };
        project.Train(model, seed: 5, module => monitor = GradientMonitor.Attach(module, options));
        var summary = monitor!.Summary();
        Assert.DoesNotContain(monitor.Alerts, static alert => alert.Id == "GG9013");
        return (summary, RunDirectory.Layers(monitor.RunDirectory!));
    }
}
