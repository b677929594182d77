using GradGuard.Monitor.Capture;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Capture;

/// <summary>Calls cost next to nothing on steps that want nothing of them, and are told in full on the others.</summary>
public sealed class FollowedCallTests
{
    [Fact]
    public void A_call_is_told_once_while_calls_are_not_followed_so_that_its_layer_counts_as_called()
    {
        var told = new List<string>();
        using var model = new Outer();
        using var watched = new WatchedModel(model, new Listener(told)) { IsFollowed = false };
        watched.Refresh();
        Call(model);
        Assert.Equal(["block.fc", "block", ""], told);
        Call(model);
        Assert.Equal(3, told.Count);
    }

    [Fact]
    public void What_a_module_does_inside_is_told_under_its_path_or_not_at_all()
    {
        using var model = new Outer();
        using var watched = new WatchedModel(model, new Listener([])) { IsFollowed = false };
        watched.Refresh();
        Call(model);
        Assert.Empty(watched.Activations);
        watched.IsFollowed = true;
        Call(model);
        Assert.Equal("block.gate", Assert.Single(watched.Activations).Layer.Description.Path);
    }

    [Fact]
    public void Where_nobody_asks_what_is_running_no_frame_is_made_of_it_and_calls_are_told_all_the_same()
    {
        var told = new List<string>();
        using var model = new Outer();
        using var watched = new WatchedModel(model, new Listener(told)) { KeepsChain = false };
        watched.Refresh();
        Call(model);
        Assert.Equal(["block.fc", "block", ""], told);
        Assert.Equal([null], model.Running);
        Assert.Empty(watched.Activations);
        watched.KeepsChain = true;
        Call(model);
        Assert.Equal([null, "block"], model.Running);
        Assert.Equal("block.gate", Assert.Single(watched.Activations).Layer.Description.Path);
    }

    private static void Call(Module<Tensor, Tensor> model)
    {
        using var scope = NewDisposeScope();
        model.call(randn(2, 4));
    }

    private sealed class Listener(List<string> told) : ICallListener
    {
        public object? BeforeCall(HookedLayer layer, object? input) => input;

        public void AfterCall(HookedLayer layer, object? input, object? output)
        {
            layer.Called = true;
            told.Add(layer.Description.Path);
        }
    }

    private sealed class Outer : Module<Tensor, Tensor>
    {
        private readonly Block block = new();

        public Outer()
            : base(nameof(Outer)) => RegisterComponents();

        /// <summary>What was known to be running in each call of the block, from inside.</summary>
        public IReadOnlyList<string?> Running => block.Running;

        public override Tensor forward(Tensor input) => block.call(input);
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Linear fc = Linear(4, 4);

        public Block()
            : base(nameof(Block)) => RegisterComponents();

        public List<string?> Running { get; } = [];

        public override Tensor forward(Tensor input)
        {
            Running.Add(CallChain.Current?.Layer.Description.Path);
            return Probe.Activation(fc.call(input) * 2, "gate");
        }
    }
}
