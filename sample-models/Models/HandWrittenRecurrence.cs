using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// A recurrence written out over its own W_hh, standard normal over 32 units: the state, and the gradient on its way back, grow by a
/// factor of about √(32/2) = 4 at each of the 28 steps.
/// </summary>
public sealed class HandWrittenRecurrence : Module<Tensor, Tensor>
{
    private readonly Parameter Whh = Parameter(randn(32, 32));
    private readonly Parameter Wxh = Parameter(randn(28, 32) / Math.Sqrt(28));
    private readonly Linear output = Linear(32, 10);

    public HandWrittenRecurrence() : base(nameof(HandWrittenRecurrence)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var rows = input.view(-1, 28, 28);
        var h = zeros(input.shape[0], 32);
        for (int t = 0; t < 28; t++)
            h = functional.relu(h.matmul(Whh) + rows.select(1, t).matmul(Wxh));
        return output.call(h);
    }
}

/// <summary>The same recurrence over an orthogonal W_hh, whose products keep a vector's length.</summary>
public sealed class HandWrittenRecurrenceFixed : Module<Tensor, Tensor>
{
    private readonly Parameter Whh = Parameter(init.orthogonal_(empty(32, 32)));
    private readonly Parameter Wxh = Parameter(randn(28, 32) / Math.Sqrt(28));
    private readonly Linear output = Linear(32, 10);

    public HandWrittenRecurrenceFixed() : base(nameof(HandWrittenRecurrenceFixed)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var rows = input.view(-1, 28, 28);
        var h = zeros(input.shape[0], 32);
        for (int t = 0; t < 28; t++)
            h = functional.relu(h.matmul(Whh) + rows.select(1, t).matmul(Wxh));
        return output.call(h);
    }
}
