using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// Seven tanh layers whose weights are drawn with standard deviation 0.02 over a fan-in of 64: each layer multiplies the gradient by
/// about 0.02·√64 = 0.16 on its way back, and the first layers stand still.
/// </summary>
public sealed class VanishingTanh : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public VanishingTanh() : base(nameof(VanishingTanh))
    {
        layers = Sequential(
            Linear(784, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 10));
        foreach (var module in layers.children())
            if (module is Linear linear)
                init.normal_(linear.weight!, std: 0.02);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.call(input);
}

/// <summary>The same network with Xavier weights: the gradient keeps its size from layer to layer.</summary>
public sealed class VanishingTanhFixed : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public VanishingTanhFixed() : base(nameof(VanishingTanhFixed))
    {
        layers = Sequential(
            Linear(784, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 64), Tanh(),
            Linear(64, 10));
        foreach (var module in layers.children())
            if (module is Linear linear)
                init.xavier_uniform_(linear.weight!);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.call(input);
}
