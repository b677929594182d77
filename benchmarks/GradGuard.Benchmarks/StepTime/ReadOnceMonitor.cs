using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// The floor of watching everything: the outputs of layers with weights and of ReLUs, the gradients by those of layers, every parameter and its gradient are read once.
/// Keeping these gradients is part of it: backward makes a copy of each.
/// </summary>
internal sealed class ReadOnceMonitor : IHandWritten
{
    private readonly nn.Module _model;
    private readonly ITensorReading _reading;
    private readonly List<Action> _unhook = [];
    private readonly List<(Tensor Output, bool KeepsGradient)> _outputs = [];

    /// <param name="model">The model that trains.</param>
    /// <param name="reading">What is made of what it leaves.</param>
    public ReadOnceMonitor(nn.Module model, ITensorReading reading)
    {
        (_model, _reading) = (model, reading);
        foreach (var (_, module) in model.named_modules())
        {
            var hasWeights = module.named_parameters(recurse: false).Any(static named => named.parameter.dim() >= 2);
            if (!hasWeights && module is not ReLU)
                continue;
            if (module is nn.Module<Tensor, Tensor> layer && !module.named_children().Any())
                _unhook.Add(layer.register_forward_hook((_, _, output) => Keep(output, hasWeights)).remove);
            else if (module is nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> recurrent)
                _unhook.Add(recurrent.register_forward_hook((_, _, _, outputs) => (Keep(outputs.Item1, hasWeights), outputs.Item2, outputs.Item3)).remove);
        }
    }

    /// <inheritdoc/>
    public void Observe()
    {
        foreach (var (output, keepsGradient) in _outputs)
        {
            using (output)
            using (var gradient = keepsGradient ? output.grad : null)
                Read(gradient, TensorRole.Output);
        }

        _outputs.Clear();
        foreach (var (_, parameter) in _model.named_parameters())
        {
            Read(parameter, TensorRole.Weight);
            using var gradient = parameter.grad;
            Read(gradient, TensorRole.Gradient);
        }

        _reading.EndStep();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unhook.ForEach(static remove => remove());
        _outputs.ForEach(static output => output.Output.Dispose());
    }

    private Tensor Keep(Tensor output, bool keepsGradient)
    {
        if (keepsGradient && output.requires_grad)
            output.retain_grad();
        Read(output, keepsGradient ? TensorRole.Output : TensorRole.Activation);

        // Converting to the type it has gives the same tensor a second handle.
        _outputs.Add((output.to_type(output.dtype).DetachFromDisposeScope(), keepsGradient));
        return output;
    }

    private void Read(Tensor? tensor, TensorRole role)
    {
        if (tensor is not null)
            _reading.Read(tensor, role);
    }
}
