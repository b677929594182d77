using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>Non-linearities of the hidden layers.</summary>
internal enum Nonlinearity
{
    Relu,
    LeakyRelu,
    Gelu,
    Tanh,
    Sigmoid,
}

/// <summary>What goes with a non-linearity.</summary>
internal static class Nonlinearities
{
    /// <summary>The module.</summary>
    public static Module<Tensor, Tensor> Module(this Nonlinearity kind) => kind switch
    {
        Nonlinearity.Relu => ReLU(),
        Nonlinearity.LeakyRelu => LeakyReLU(0.01),
        Nonlinearity.Gelu => GELU(),
        Nonlinearity.Tanh => Tanh(),
        Nonlinearity.Sigmoid => Sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a non-linearity."),
    };

    /// <summary>Draws the weights that go with it: Kaiming before rectifiers, Xavier before the others; zero bias.</summary>
    public static T Initialised<T>(this Nonlinearity kind, T layer, Tensor weight, Tensor bias)
        where T : Module<Tensor, Tensor>
    {
        if (kind is Nonlinearity.Tanh or Nonlinearity.Sigmoid)
            init.xavier_uniform_(weight);
        else
            init.kaiming_normal_(weight, nonlinearity: init.NonlinearityType.ReLU);
        init.zeros_(bias);
        return layer;
    }

    /// <summary>A linear layer whose weights fit the non-linearity after it.</summary>
    public static TorchSharp.Modules.Linear LinearBefore(this Nonlinearity kind, long inputs, long outputs)
    {
        var layer = Linear(inputs, outputs);
        return kind.Initialised(layer, layer.weight, layer.bias!);
    }
}
