using GradGuard.Monitor;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Instrumentation.Tests.Watching;

public sealed class SeveralMonitorsTests
{
    private static Net NetWithProbe(string name)
        => new((net, x) => net.fc2.forward(Probe.Activation(functional.relu(net.fc1.forward(x)), name)));

    [Fact]
    public void AModelInsideAnother_IsHeardByBothOfTheirMonitors()
    {
        using var outer = new Outer();
        using var whole = GradientMonitor.Attach(outer);
        using var part = GradientMonitor.Attach(outer.inner);

        using var result = outer.forward(zeros(2, 6));

        Assert.DoesNotContain(whole.Summary().NotEvaluated, static missing => missing.Layer == "inner.fc1");
        Assert.DoesNotContain(part.Summary().NotEvaluated, static missing => missing.Layer == "fc1");
    }

    [Fact]
    public void ATeacherInsideAStudentsForward_IsHeardByItsOwnMonitorAlone()
    {
        using var teacher = NetWithProbe("taught");
        using var student = new Net((net, x) => net.fc2.forward(net.fc1.forward(x)) + teacher.forward(x));
        using var teacherMonitor = GradientMonitor.Attach(teacher, new() { SampleEvery = 1 });

        var layers = Training.Layers(student);

        Assert.Equal(["fc1", "fc2"], layers);
        Assert.DoesNotContain(teacherMonitor.Summary().NotEvaluated, static missing => missing.Layer is "fc1" or "fc2");
    }

    [Fact]
    public async Task ModelsThatTrainAtTheSameTime_DoNotMix()
    {
        var trained = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() =>
        {
            using var model = NetWithProbe($"model{number}");
            return Training.Layers(model);
        })));

        for (var number = 0; number < trained.Length; number++)
        {
            Assert.Equal(4, trained[number].Count);
            Assert.Equal([$"model{number}"], trained[number].Where(static layer => layer.StartsWith("model", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void ABranchInATask_BelongsToTheModuleThatStartedIt()
    {
        using var model = new Net(static (net, x) =>
        {
            var branch = Task.Run(() => Probe.Activation(functional.relu(net.fc1.forward(x)), "branch"), TestContext.Current.CancellationToken);
            return net.fc2.forward(branch.GetAwaiter().GetResult());
        });

        Assert.Contains("branch", Training.Layers(model));
    }

    private sealed class Outer : Module<Tensor, Tensor>
    {
        public readonly Net inner = NetWithProbe("inside");

        public Outer()
            : base("outer") => RegisterComponents();

        public override Tensor forward(Tensor input) => inner.forward(input);
    }
}
