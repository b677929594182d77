using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// Weights drawn with standard deviation 1 before ReLU, which bounds nothing: the first layer multiplies the signal by √784 = 28, the second by
/// another 8, and training begins with a network that is sure of wrong answers, its loss hundreds of times that of a guess.
/// </summary>
public sealed class PoorStart : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 128);
    private readonly ReLU act1 = ReLU();
    private readonly Linear fc2 = Linear(128, 64);
    private readonly ReLU act2 = ReLU();
    private readonly Linear output = Linear(64, 10);

    public PoorStart() : base(nameof(PoorStart))
    {
        init.normal_(fc1.weight!, mean: 0, std: 1);
        init.normal_(fc2.weight!, mean: 0, std: 1);
        init.normal_(output.weight!, mean: 0, std: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = act1.call(fc1.call(input));
        x = act2.call(fc2.call(x));
        return output.call(x);
    }
}

/// <summary>The same network with the weights that fit ReLU: Kaiming, and the signal keeps its size from layer to layer.</summary>
public sealed class PoorStartFixed : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 128);
    private readonly ReLU act1 = ReLU();
    private readonly Linear fc2 = Linear(128, 64);
    private readonly ReLU act2 = ReLU();
    private readonly Linear output = Linear(64, 10);

    public PoorStartFixed() : base(nameof(PoorStartFixed))
    {
        init.kaiming_normal_(fc1.weight!);
        init.kaiming_normal_(fc2.weight!);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = act1.call(fc1.call(input));
        x = act2.call(fc2.call(x));
        return output.call(x);
    }
}
