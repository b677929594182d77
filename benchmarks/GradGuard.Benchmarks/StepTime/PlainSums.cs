using GradGuard.Benchmarks.Statistics;
using GradGuard.Monitor.Capture;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>The floor of reading: every tensor passes by once, as much of it as GradGuard reads, and nothing is made of it but a sum.</summary>
internal sealed class PlainSums : ITensorReading
{
    /// <summary>Elements of a weight, as in <see cref="WeightSample"/>.</summary>
    private const int EnoughOfWeight = 2 * 1024;

    /// <summary>What was read last, so that no sum is left out as useless.</summary>
    public float Sum { get; private set; }

    /// <inheritdoc/>
    public void Read(Tensor tensor, TensorRole role)
    {
        if (!tensor.is_contiguous() || tensor.dtype != ScalarType.Float32)
            return;
        var (enough, from) = role switch
        {
            TensorRole.Activation => ((int)ForwardCapture.EnoughOfActivation, 1),
            TensorRole.Output => ((int)ForwardCapture.EnoughOfOutput, 4),
            TensorRole.Weight => (EnoughOfWeight, 2),
            _ => (int.MaxValue, 1),
        };
        Sum += PlainSum.Of(tensor, tensor.NumberOfElements >= (long)from * enough ? enough : int.MaxValue);
    }

    /// <inheritdoc/>
    public void EndStep()
    {
    }
}
