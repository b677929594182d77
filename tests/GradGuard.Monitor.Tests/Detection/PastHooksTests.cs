using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>GG9011: layers that the code runs through forward train unheard; weights used by hand look alike, and are none.</summary>
public sealed class PastHooksTests
{
    public static TheoryData<string, Func<Pair, Tensor, Tensor>> PastHooks => new()
    {
        { "first", static (net, x) => net.second.call(functional.relu(net.first.forward(x))) },
        { "second", static (net, x) => net.second.forward(functional.relu(net.first.call(x))) },
        { "second", static (net, x) => new[] { net.first.call(x) }.Select(net.second.forward).Single() },
        { "", static (net, x) => net.second.forward(functional.relu(net.first.forward(x))) },
    };

    [Theory]
    [MemberData(nameof(PastHooks))]
    public void LayersRunThroughForward_AreToldOnceForAll(string layer, Func<Pair, Tensor, Tensor> body)
    {
        foreach (var seed in new long[] { 1, 17 })
        {
            var alert = Assert.Single(Train(() => new ByForward(body), seed));

            Assert.Equal(("GG9011", layer, AlertSeverity.Info), (alert.Id, alert.Layer, alert.Severity));
            Assert.Equal(PastHooksDetector.Readings - 1, alert.Step);
            Assert.Equal(layer.Length > 0 ? 1 : 2, alert.Evidence["layers"]);
            Assert.Contains("GradGuardInstrument", alert.Advice, StringComparison.Ordinal);
            Assert.Contains("Probe.Activation", alert.Advice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ManyLayers_AreCountedAndThreeAreNamed()
    {
        var alert = Assert.Single(Train(static () => new Deep(7)));

        Assert.Contains("8 layers train ('layers.0', 'layers.1', 'layers.2' and 5 more)", alert.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithFewReadings_NothingIsSaid()
        => Assert.Empty(Train(static () => new ByForward(static (net, x) => net.second.forward(net.first.forward(x))), steps: PastHooksDetector.Readings - 1));

    public static TheoryData<string, Func<Module<Tensor, Tensor>>> LookAlikes => new()
    {
        { "all weights used by hand", static () => new ByHand(static (net, x) => functional.linear(functional.linear(x, net.first.weight!, net.first.bias!), net.second.weight!, net.second.bias!)) },
        { "a head tied to another layer's weight", static () => new ByForward(static (net, x) => net.first.call(x).matmul(net.tied.weight!)) },
        { "a frozen layer run through forward", static () => new ByForward(static (net, x) => net.second.call(net.frozen.forward(x))) },
        { "a layer that only evaluation runs", static () => new ByForward(static (net, x) => net.training ? net.second.call(net.first.call(x)) : net.tied.forward(x)) },
        { "a layer called both ways", static () => new ByForward(static (net, x) => net.second.call(net.first.call(x) + net.first.forward(x))) },
    };

    [Theory]
    [MemberData(nameof(LookAlikes))]
    public void ItsLookAlikes_AreSilent(string what, Func<Module<Tensor, Tensor>> build)
        => Assert.True(Train(build) is [], what);

    [Fact]
    public void AGradientLeftFromAnEarlierRun_IsNoTraining()
    {
        manual_seed(4);
        using var model = new ByForward(static (net, x) => net.training ? net.first.call(x).narrow(1, 0, 4) : net.second.forward(x));
        model.second.forward(zeros(2, 8)).sum().backward();
        using var monitor = GradientMonitor.Attach(model, new() { SampleEvery = 1 });
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            var loss = model.call(randn(4, 32)).square().mean();
            loss.backward();
            monitor.Observe(loss);
        }

        Assert.DoesNotContain(monitor.Alerts, static alert => alert.Id == "GG9011");
    }

    [Fact]
    public void TheFollowUpOfASavedRun_DoesNotTellAgain()
    {
        manual_seed(5);
        using var model = new ByForward(static (net, x) => net.second.forward(functional.relu(net.first.forward(x))));
        using var state = new MemoryStream();
        Assert.Contains("GG9011", Steps(model, monitor => Assert.True(monitor.SaveState(state))));
        state.Position = 0;
        Assert.DoesNotContain("GG9011", Steps(model, after: null, monitor => Assert.True(monitor.LoadState(state))));
    }

    private static List<string> Steps(Module<Tensor, Tensor> model, Action<GradientMonitor>? after, Action<GradientMonitor>? before = null)
    {
        using var monitor = GradientMonitor.Attach(model, new() { SampleEvery = 1 });
        before?.Invoke(monitor);
        for (var step = 0; step < 20; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = model.call(randn(8, 32)).square().mean();
            loss.backward();
            monitor.Observe(loss);
        }

        after?.Invoke(monitor);
        return [.. monitor.Alerts.Select(static alert => alert.Id)];
    }

    private static IReadOnlyList<Alert> Train(Func<Module<Tensor, Tensor>> build, long seed = 3, int steps = 40)
        => new TrainingRun { Steps = steps, Seed = seed, Batch = 8, Options = new() { SampleEvery = 1 } }.Train(build).Alerts;

    /// <summary>Layers, and a forward that is given.</summary>
    public abstract class Pair : Module<Tensor, Tensor>
    {
        public readonly Linear first = Linear(32, 8);
        public readonly Linear second = Linear(8, 4);
        public readonly Linear tied = Linear(4, 8, hasBias: false);
        public readonly Linear frozen = Linear(32, 8);
        private readonly Func<Pair, Tensor, Tensor> _body;

        protected Pair(string name, Func<Pair, Tensor, Tensor> body)
            : base(name)
        {
            _body = body;
            RegisterComponents();
            foreach (var parameter in frozen.parameters())
                parameter.requires_grad = false;
        }

        public override Tensor forward(Tensor input) => _body(this, input);
    }

    /// <summary>A class whose code calls forward.</summary>
    private sealed class ByForward(Func<Pair, Tensor, Tensor> body) : Pair(nameof(ByForward), body)
    {
        public Tensor Evaluate(Tensor input) => second.forward(first.forward(input));
    }

    /// <summary>A class whose code calls none.</summary>
    private sealed class ByHand(Func<Pair, Tensor, Tensor> body) : Pair(nameof(ByHand), body);

    private sealed class Deep : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Module<Tensor, Tensor>> layers = new();

        public Deep(int depth)
            : base(nameof(Deep))
        {
            for (var layer = 0; layer < depth; layer++)
                layers.Add(Linear(32, 32));
            layers.Add(Linear(32, 4));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => layers.Aggregate(input, static (x, layer) => layer.forward(x));
    }
}
