using GradGuard.Benchmarks.Statistics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// Reading alone: the outputs of layers with weights and of ReLUs, the gradients by those of layers, every weight and every gradient pass by once, and nothing is made of them but a
/// sum. No update is told, nothing is judged and nothing is written. As in GradGuard, a part of a large output or weight stands for it; gradients are read whole.
/// </summary>
internal sealed class ReadOnceMonitor : HandWritten
{
    /// <summary>Elements of a ReLU's output, of a layer's, and of a weight, as in GradGuard where every step is read.</summary>
    private const int EnoughOfActivation = 8 * 1024, EnoughOfOutput = 512, EnoughOfWeight = 1024;

    /// <summary>Times those elements from which a part is read.</summary>
    private const int FromOutput = 4, FromWeight = 2;

    private readonly nn.Module _model;
    private readonly List<Action> _unhook = [];
    private readonly List<(Tensor Output, bool TellsGradient)> _outputs = [];

    public ReadOnceMonitor(nn.Module model)
    {
        _model = model;
        foreach (var (_, module) in model.named_modules())
        {
            var tellsGradient = module.named_parameters(recurse: false).Any(static named => named.parameter.dim() >= 2);
            if (!tellsGradient && module is not ReLU)
                continue;
            if (module is nn.Module<Tensor, Tensor> layer && !module.named_children().Any())
                _unhook.Add(layer.register_forward_hook((_, _, output) => Timed(output, output => Keep(output, tellsGradient))).remove);
            else if (module is nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> recurrent)
                _unhook.Add(recurrent.register_forward_hook((_, _, _, outputs) => (Timed(outputs.Item1, output => Keep(output, tellsGradient)), outputs.Item2, outputs.Item3)).remove);
        }
    }

    /// <summary>What was read last, so that no sum is left out as useless.</summary>
    public float Sum { get; private set; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _unhook.ForEach(static remove => remove());
        _outputs.ForEach(static output => output.Output.Dispose());
    }

    /// <inheritdoc/>
    protected override void ReadStep()
    {
        foreach (var (output, tellsGradient) in _outputs)
        {
            using (output)
            using (var gradient = tellsGradient ? output.grad : null)
                Read(gradient, EnoughOfOutput, FromOutput);
        }

        _outputs.Clear();
        foreach (var (_, parameter) in _model.named_parameters())
        {
            Read(parameter, EnoughOfWeight, FromWeight);
            using var gradient = parameter.grad;
            Read(gradient, int.MaxValue, 1);
        }
    }

    private void Keep(Tensor output, bool tellsGradient)
    {
        if (tellsGradient && output.requires_grad)
            output.retain_grad();
        if (tellsGradient)
            Read(output, EnoughOfOutput, FromOutput);
        else
            Read(output, EnoughOfActivation, 1);
        // Converting to the type it has gives the same tensor a second handle.
        _outputs.Add((output.to_type(output.dtype).DetachFromDisposeScope(), tellsGradient));
    }

    private void Read(Tensor? tensor, int enough, long from)
    {
        if (tensor is not null && tensor.is_contiguous() && tensor.dtype == ScalarType.Float32)
            Sum += PlainSum.Of(tensor, tensor.NumberOfElements >= from * enough ? enough : int.MaxValue);
    }
}
