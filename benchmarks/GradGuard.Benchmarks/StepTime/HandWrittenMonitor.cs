using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// The monitor that one writes by hand: on every step the norm of each parameter and of each gradient, and the share of zeros in
/// the output of each ReLU.
/// </summary>
internal sealed class HandWrittenMonitor : HandWritten
{
    private readonly nn.Module _model;
    private readonly List<Action> _unhook = [];
    private readonly Dictionary<string, float> _values = [];

    public HandWrittenMonitor(nn.Module model)
    {
        _model = model;
        foreach (var (name, module) in model.named_modules())
        {
            if (module is not ReLU relu)
                continue;
            var hook = relu.register_forward_hook((_, _, output) => Timed(output, output => ReadZeros(name, output)));
            _unhook.Add(hook.remove);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _unhook.ForEach(static remove => remove());

    /// <inheritdoc/>
    protected override void ReadStep()
    {
        foreach (var (name, parameter) in _model.named_parameters())
        {
            using var norm = parameter.norm();
            _values[name] = norm.item<float>();
            using var gradient = parameter.grad;
            if (gradient is null)
                continue;
            using var gradientNorm = gradient.norm();
            _values[name + ".grad"] = gradientNorm.item<float>();
        }
    }

    private void ReadZeros(string name, Tensor output)
    {
        using var zero = output.eq(0);
        using var wide = zero.to_type(ScalarType.Float32);
        using var share = wide.mean();
        _values[name] = share.item<float>();
    }
}
