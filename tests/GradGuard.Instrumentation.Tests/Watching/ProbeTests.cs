using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Instrumentation.Tests.Watching;

public sealed class ProbeTests
{
    [Fact]
    public void AProbe_IsRecordedUnderTheRunningModule()
    {
        using var model = new Net(static (net, x) => net.fc2.call(Probe.Activation(net.fc1.call(x).square(), "squashed")));

        Assert.Equal(["fc1", "squashed", "fc2"], Training.Layers(model));
    }

    [Fact]
    public void WithoutAMonitor_AProbeHandsTheTensorBack()
    {
        using var tensor = zeros(1);

        Assert.Same(tensor, Probe.Activation(tensor, "unheard"));
    }

    [Fact]
    public void BadArguments_AreToldWithOrWithoutAMonitor()
    {
        using var tensor = zeros(1);

        Assert.Throws<ArgumentNullException>(() => Probe.Activation(null!, "name"));
        Assert.Throws<ArgumentException>(() => Probe.Activation(tensor, ""));
    }

    [Fact]
    public void WithTwoModelsAndNoneRunning_AProbeBelongsToNeither()
    {
        using var one = new Net(static (net, x) => net.fc2.call(net.fc1.call(x)));
        using var two = new Net(static (net, x) => net.fc2.call(net.fc1.call(x)));
        using var first = GradientMonitor.Attach(one);
        using var second = GradientMonitor.Attach(two);
        using var tensor = zeros(1);

        Assert.Same(tensor, Probe.Activation(tensor, "whose"));
    }
}
