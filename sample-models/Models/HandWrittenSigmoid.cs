using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// A sigmoid layer written out: a product with weights of standard deviation 1, then 1/(1+exp(−a)). Pre-activations of standard
/// deviation 28 saturate it, and below −88 exp(−a) overflows: the gradient is infinity times zero, NaN.
/// </summary>
public sealed class HandWrittenSigmoid : Module<Tensor, Tensor>
{
    private readonly Parameter W = Parameter(randn(784, 128));
    private readonly Parameter b = Parameter(zeros(128));
    private readonly Linear output = Linear(128, 10);

    public HandWrittenSigmoid() : base(nameof(HandWrittenSigmoid)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var a = input.matmul(W) + b;
        var z = 1 / (1 + exp(-a));
        return output.call(z);
    }
}

/// <summary>The same layer with weights scaled by 1/√fan-in and the library's sigmoid.</summary>
public sealed class HandWrittenSigmoidFixed : Module<Tensor, Tensor>
{
    private readonly Parameter W = Parameter(randn(784, 128) / Math.Sqrt(784));
    private readonly Parameter b = Parameter(zeros(128));
    private readonly Linear output = Linear(128, 10);

    public HandWrittenSigmoidFixed() : base(nameof(HandWrittenSigmoidFixed)) => RegisterComponents();

    public override Tensor forward(Tensor input) => output.call(sigmoid(input.matmul(W) + b));
}
