using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Prediction;

/// <summary>Collects what a random model computes when TorchSharp runs it.</summary>
internal sealed class TorchRecorder
{
    /// <summary>Values whose gradient is compared; they keep it.</summary>
    public List<Tensor> Observed { get; } = [];

    /// <summary>Share of saturated pre-activations of each sigmoid and tanh.</summary>
    public List<double> Saturated { get; } = [];

    public Tensor Observe(Tensor value)
    {
        value.retain_grad();
        Observed.Add(value);
        return value;
    }

    public void ObserveSaturation(Tensor preActivation, double bound)
    {
        using var guard = no_grad();
        Saturated.Add(preActivation.abs().gt(bound).to(ScalarType.Float64).mean().item<double>());
    }

    public static double Rms(Tensor tensor) => Math.Sqrt(tensor.to(ScalarType.Float64).square().mean().item<double>());
}
