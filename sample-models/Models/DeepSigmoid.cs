using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// Seven sigmoid layers with default weights. The slope of a sigmoid is at most 1/4, so each layer costs the gradient a factor of
/// four or more: next to nothing reaches the first one.
/// </summary>
public sealed class DeepSigmoid : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 64);
    private readonly Linear fc2 = Linear(64, 64);
    private readonly Linear fc3 = Linear(64, 64);
    private readonly Linear fc4 = Linear(64, 64);
    private readonly Linear fc5 = Linear(64, 64);
    private readonly Linear fc6 = Linear(64, 64);
    private readonly Linear fc7 = Linear(64, 64);
    private readonly Linear fc8 = Linear(64, 10);

    public DeepSigmoid() : base(nameof(DeepSigmoid)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = fc1.call(input).sigmoid();
        x = fc2.call(x).sigmoid();
        x = fc3.call(x).sigmoid();
        x = fc4.call(x).sigmoid();
        x = fc5.call(x).sigmoid();
        x = fc6.call(x).sigmoid();
        x = fc7.call(x).sigmoid();
        return fc8.call(x);
    }
}

/// <summary>The same depth with ReLU and Kaiming weights: an active unit passes its gradient on whole.</summary>
public sealed class DeepSigmoidFixed : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 64);
    private readonly Linear fc2 = Linear(64, 64);
    private readonly Linear fc3 = Linear(64, 64);
    private readonly Linear fc4 = Linear(64, 64);
    private readonly Linear fc5 = Linear(64, 64);
    private readonly Linear fc6 = Linear(64, 64);
    private readonly Linear fc7 = Linear(64, 64);
    private readonly Linear fc8 = Linear(64, 10);

    public DeepSigmoidFixed() : base(nameof(DeepSigmoidFixed))
    {
        foreach (var layer in new[] { fc1, fc2, fc3, fc4, fc5, fc6, fc7 })
            init.kaiming_normal_(layer.weight!, nonlinearity: init.NonlinearityType.ReLU);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = functional.relu(fc1.call(input));
        x = functional.relu(fc2.call(x));
        x = functional.relu(fc3.call(x));
        x = functional.relu(fc4.call(x));
        x = functional.relu(fc5.call(x));
        x = functional.relu(fc6.call(x));
        x = functional.relu(fc7.call(x));
        return fc8.call(x);
    }
}
