using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// ReLU layers written out as max(0, W·x), with a bias of −8: a unit clamped to zero for every image never learns
/// again.
/// </summary>
public sealed class HandWrittenRelu : Module<Tensor, Tensor>
{
    private readonly Parameter W = Parameter(randn(784, 128) * Math.Sqrt(2.0 / 784));
    private readonly Parameter b = Parameter(full(128, -8f));
    private readonly Linear output = Linear(128, 10);

    public HandWrittenRelu() : base(nameof(HandWrittenRelu)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var z = maximum(input.matmul(W) + b, zeros(1));
        return output.call(z);
    }
}

/// <summary>The same layer with a bias that starts at zero.</summary>
public sealed class HandWrittenReluFixed : Module<Tensor, Tensor>
{
    private readonly Parameter W = Parameter(randn(784, 128) * Math.Sqrt(2.0 / 784));
    private readonly Parameter b = Parameter(zeros(128));
    private readonly Linear output = Linear(128, 10);

    public HandWrittenReluFixed() : base(nameof(HandWrittenReluFixed)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var z = maximum(input.matmul(W) + b, zeros(1));
        return output.call(z);
    }
}
