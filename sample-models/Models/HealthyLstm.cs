using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>Two stacked LSTM layers that read an image row by row. Trained with clipping, as recurrent networks should be.</summary>
public sealed class HealthyLstm : Module<Tensor, Tensor>
{
    private readonly LSTM lstm = LSTM(28, 48, numLayers: 2, batchFirst: true);
    private readonly Linear output = Linear(48, 10);

    public HealthyLstm() : base(nameof(HealthyLstm)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var (states, _, _) = lstm.call(input.view(-1, 28, 28));
        return output.call(states.select(1, -1));
    }
}
