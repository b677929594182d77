using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// A bias of −8 pushes the pre-activations of the first layer below zero for every image: ReLU passes nothing forward and nothing
/// back, and a unit that gets no gradient cannot recover.
/// </summary>
public sealed class DyingRelu : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 128);
    private readonly ReLU act1 = ReLU();
    private readonly Linear fc2 = Linear(128, 64);
    private readonly ReLU act2 = ReLU();
    private readonly Linear fc3 = Linear(64, 10);

    public DyingRelu() : base(nameof(DyingRelu))
    {
        init.constant_(fc1.bias!, -8);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = act1.call(fc1.call(input));
        x = act2.call(fc2.call(x));
        return fc3.call(x);
    }
}

/// <summary>The same bias before LeakyReLU: a tenth of the gradient passes below zero, and the units find their way back.</summary>
public sealed class DyingReluLeaky : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 128);
    private readonly LeakyReLU act1 = LeakyReLU(0.1);
    private readonly Linear fc2 = Linear(128, 64);
    private readonly LeakyReLU act2 = LeakyReLU(0.1);
    private readonly Linear fc3 = Linear(64, 10);

    public DyingReluLeaky() : base(nameof(DyingReluLeaky))
    {
        init.constant_(fc1.bias!, -8);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = act1.call(fc1.call(input));
        x = act2.call(fc2.call(x));
        return fc3.call(x);
    }
}

/// <summary>The same bias before PReLU, which learns the slope below zero (from 1/4).</summary>
public sealed class DyingReluPRelu : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 128);
    private readonly PReLU act1 = PReLU(1);
    private readonly Linear fc2 = Linear(128, 64);
    private readonly PReLU act2 = PReLU(1);
    private readonly Linear fc3 = Linear(64, 10);

    public DyingReluPRelu() : base(nameof(DyingReluPRelu))
    {
        init.constant_(fc1.bias!, -8);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = act1.call(fc1.call(input));
        x = act2.call(fc2.call(x));
        return fc3.call(x);
    }
}
