using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// Weights drawn with standard deviation 1 over a fan-in of 784: pre-activations of standard deviation 28, so nearly every
/// sigmoid of the first layer starts flat at 0 or 1, where its slope z(1−z) is almost zero.
/// </summary>
public sealed class SaturatedSigmoid : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 128);
    private readonly Sigmoid act1 = Sigmoid();
    private readonly Linear fc2 = Linear(128, 64);
    private readonly Sigmoid act2 = Sigmoid();
    private readonly Linear output = Linear(64, 10);

    public SaturatedSigmoid() : base(nameof(SaturatedSigmoid))
    {
        init.normal_(fc1.weight!, mean: 0, std: 1);
        init.normal_(fc2.weight!, mean: 0, std: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = act1.call(fc1.call(input));
        x = act2.call(fc2.call(x));
        return output.call(x);
    }
}

/// <summary>The same network with the weights that fit a sigmoid: Xavier, pre-activations of standard deviation 1.</summary>
public sealed class SaturatedSigmoidFixed : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 128);
    private readonly Sigmoid act1 = Sigmoid();
    private readonly Linear fc2 = Linear(128, 64);
    private readonly Sigmoid act2 = Sigmoid();
    private readonly Linear output = Linear(64, 10);

    public SaturatedSigmoidFixed() : base(nameof(SaturatedSigmoidFixed))
    {
        init.xavier_uniform_(fc1.weight!);
        init.xavier_uniform_(fc2.weight!);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = act1.call(fc1.call(input));
        x = act2.call(fc2.call(x));
        return output.call(x);
    }
}
