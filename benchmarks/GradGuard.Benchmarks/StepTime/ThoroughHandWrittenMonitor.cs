using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// By hand and with torch's operations, the figures that GradGuard reads of a step: mean, standard deviation, minimum, maximum, zeros and non-finite
/// elements of each output of a layer and of the gradient by it, of each parameter and of its gradient, and how far the last step moved it.
/// </summary>
internal sealed class ThoroughHandWrittenMonitor : HandWritten
{
    private readonly nn.Module _model;
    private readonly List<Action> _unhook = [];
    private readonly List<(string Name, Tensor Output)> _outputs = [];
    private readonly Dictionary<string, Tensor> _before = [];
    private readonly Dictionary<string, float[]> _values = [];

    public ThoroughHandWrittenMonitor(nn.Module model)
    {
        _model = model;
        foreach (var (name, module) in model.named_modules())
        {
            if (module is nn.Module<Tensor, Tensor> layer && !module.named_children().Any())
                _unhook.Add(layer.register_forward_hook((_, _, output) => Timed(output, output => Keep(name, output))).remove);
            else if (module is nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> recurrent)
                _unhook.Add(recurrent.register_forward_hook((_, _, _, outputs) => (Timed(outputs.Item1, output => Keep(name, output)), outputs.Item2, outputs.Item3)).remove);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _unhook.ForEach(static remove => remove());
        _outputs.ForEach(static output => output.Output.Dispose());
        foreach (var before in _before.Values)
            before.Dispose();
    }

    /// <inheritdoc/>
    protected override void ReadStep()
    {
        using var noGrad = no_grad();
        foreach (var (name, output) in _outputs)
        {
            Read(name, output);
            using var gradient = output.grad;
            if (gradient is not null)
                Read(name + ".grad", gradient);
            output.Dispose();
        }

        _outputs.Clear();
        foreach (var (name, parameter) in _model.named_parameters())
        {
            Read(name, parameter);
            using var gradient = parameter.grad;
            if (gradient is not null)
                Read(name + ".grad", gradient);
            if (_before.Remove(name, out var before))
            {
                using var update = parameter - before;
                using var norm = update.norm();
                _values[name + ".update"] = [norm.item<float>()];
                before.Dispose();
            }

            _before[name] = parameter.clone().DetachFromDisposeScope();
        }
    }

    private void Keep(string name, Tensor output)
    {
        if (output.requires_grad)
            output.retain_grad();
        // Not an alias: that is another tensor, which backward leaves no gradient on. Converting to the type it has gives the same one a second handle.
        _outputs.Add((name, output.to_type(output.dtype).DetachFromDisposeScope()));
    }

    private void Read(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        _values[name] =
        [
            tensor.mean().item<float>(), tensor.std().item<float>(), tensor.min().item<float>(), tensor.max().item<float>(),
            tensor.eq(0).to_type(ScalarType.Float32).mean().item<float>(), tensor.isfinite().to_type(ScalarType.Float32).mean().item<float>(),
        ];
    }
}
