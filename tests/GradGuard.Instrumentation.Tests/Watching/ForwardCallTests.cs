using GradGuard.Monitor;
using GradGuard.Monitor.Capture;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Instrumentation.Tests.Watching;

public sealed class ForwardCallTests
{
    [Fact]
    public void ForwardIsRecordedAsCallIs_InTheSameOrder()
    {
        manual_seed(11);
        using var called = new Net(static (net, x) => net.fc2.call(net.fc1.call(x)));
        using var forwarded = new Net(static (net, x) => net.fc2.forward(net.fc1.forward(x)));

        Assert.Equal(["fc1", "fc2"], Training.Layers(called));
        Assert.Equal(["fc1", "fc2"], Training.Layers(forwarded));
    }

    [Fact]
    public void CallAndForwardMixed_CountEachCallOnce()
    {
        using var model = new Net(static (net, x) => net.fc2.call(net.fc1.forward(x)) + net.fc2.forward(net.fc1.call(x)));

        Assert.Equal(["fc1", "fc2"], Training.Layers(model));
    }

    [Fact]
    public void HooksOfTheProgramItself_StayAsSilentAsForwardKeepsThem()
    {
        using var model = new Net(static (net, x) => net.fc2.forward(net.fc1.forward(x)));
        var heard = 0;
        model.fc1.register_forward_hook((_, _, output) =>
        {
            heard++;
            return output * 2;
        });

        Training.Run(model);

        Assert.Equal(0, heard);
    }

    [Fact]
    public void AnException_GoesThroughAsItIs_AndTheNextPassIsRecorded()
    {
        var fails = true;
        using var model = new Net((net, x) => fails ? throw new InvalidOperationException("mine") : net.fc2.forward(functional.relu(net.fc1.forward(x))));
        using (GradientMonitor.Attach(model))
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => model.forward(zeros(2, 6)));
            Assert.Equal("mine", thrown.Message);
            Assert.Throws<InvalidOperationException>(() => model.call(zeros(2, 6)));
        }

        fails = false;
        Assert.Equal(3, Training.Layers(model).Count);
    }

    [Fact]
    public void AfterAnExceptionAndAStep_ActivationsOutsideOfTheModelAreNotTakenForItsOwn()
    {
        var fails = true;
        using var model = new Net((net, x) => fails ? throw new InvalidOperationException() : net.fc2.forward(net.fc1.forward(x)));
        using var monitor = GradientMonitor.Attach(model, new() { SampleEvery = 1 });
        Assert.Throws<InvalidOperationException>(() => model.call(zeros(2, 6)));
        fails = false;
        using var result = model.forward(randn(2, 6));
        using var loss = result.sum();
        loss.backward();
        monitor.Observe(loss);

        Assert.Null(CallChain.Current);
    }

    [Fact]
    public void ANullReceiver_ThrowsAsItDoesWithoutInstrumentation()
    {
        using var model = new Net(static (_, x) => ((Net)null!).forward(x));
        using var monitor = GradientMonitor.Attach(model);

        Assert.Throws<NullReferenceException>(() => model.forward(zeros(2, 6)));
    }

    [Fact]
    public void ModulesOfNoWatchedModel_AreLeftAlone()
    {
        using var watched = new Net(static (net, x) => net.fc2.forward(net.fc1.forward(x)));
        using var other = new Net(static (net, x) => net.fc2.forward(net.fc1.forward(x).relu()));
        using var monitor = GradientMonitor.Attach(watched);

        using var result = other.forward(zeros(2, 6));

        Assert.Contains(monitor.Summary().NotEvaluated, static missing => missing.Layer == "fc1");
    }

    [Fact]
    public void WithoutAMonitor_NothingIsAllocated()
    {
        using var model = new Same();
        using var input = zeros(1);
        for (var i = 0; i < 100; i++)
            model.forward(input);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            model.forward(input);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}

internal sealed class Same : Module<Tensor, Tensor>
{
    public Same()
        : base("same")
    {
    }

    public override Tensor forward(Tensor input) => input;
}
