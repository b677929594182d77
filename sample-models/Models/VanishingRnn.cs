using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>
/// A plain tanh cell over the 40 steps of the adding problem. With default weights the spectral radius of W_hh is about 0.58: the
/// gradient shrinks by that factor at every step back, and the marked number in the first half is out of reach.
/// </summary>
public sealed class VanishingRnn : Module<Tensor, Tensor>
{
    private readonly RNNCell cell = RNNCell(2, 32);
    private readonly Linear output = Linear(32, 1);

    public VanishingRnn() : base(nameof(VanishingRnn)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var state = zeros(input.shape[0], 32);
        for (long t = 0; t < input.shape[1]; t++)
            state = cell.call(input.select(1, t), state);
        return output.call(state);
    }
}

/// <summary>
/// The same reader with an LSTM cell. Its forget gates start open for as long as the sequence lasts (chrono initialisation, Tallec and
/// Ollivier 2018: forget bias log u with u uniform in 1…T−1, input bias its negative), so the gradient reaches the first step.
/// </summary>
public sealed class VanishingRnnLstm : Module<Tensor, Tensor>
{
    private readonly LSTMCell cell = LSTMCell(2, 32);
    private readonly Linear output = Linear(32, 1);

    public VanishingRnnLstm() : base(nameof(VanishingRnnLstm))
    {
        using (no_grad())
        {
            // The gates lie one after another in the bias: input, forget, cell, output.
            using var forget = rand(32).mul_(40 - 2).add_(1).log_();
            cell.bias_ih!.zero_();
            cell.bias_hh!.narrow(0, 32, 32).copy_(forget);
            cell.bias_hh!.narrow(0, 0, 32).copy_(-forget);
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var (hidden, state) = (zeros(input.shape[0], 32), zeros(input.shape[0], 32));
        for (long t = 0; t < input.shape[1]; t++)
            (hidden, state) = cell.call(input.select(1, t), (hidden, state));
        return output.call(hidden);
    }
}
