using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>
/// The floor of the figures: GradGuard's own statistics of every tensor, as much of it as GradGuard reads past the start, and nothing else. No update is told, no layer is
/// known by name, nothing is judged and nothing is written.
/// </summary>
internal sealed class StatisticsAlone : ITensorReading
{
    private readonly StatisticsBatch _batch = new();
    private readonly Dictionary<nint, WeightSample> _weights = [];
    private long _steps;

    /// <summary>What was read last.</summary>
    public IReadOnlyList<TensorStatistics> Last { get; private set; } = [];

    /// <inheritdoc/>
    public void Read(Tensor tensor, TensorRole role)
    {
        if (role == TensorRole.Weight)
            ReadWeight(tensor);
        else
            _batch.Add(tensor, RequestOf(tensor, role));
    }

    /// <inheritdoc/>
    public void EndStep()
    {
        Last = _batch.Complete();
        _steps++;
    }

    private void ReadWeight(Tensor weight)
    {
        if (WeightSample.Take(weight, _weights.GetValueOrDefault(weight.Handle)) is not { } sample)
            throw new NotSupportedException("A weight of these models lies in host memory in one piece.");
        _weights[weight.Handle] = sample;
        _batch.Add(sample.Statistics());
    }

    private StatisticsRequest RequestOf(Tensor tensor, TensorRole role)
    {
        if (role == TensorRole.Gradient)
            return new StatisticsRequest();
        var request = role == TensorRole.Activation
            ? ActivationRequest.Of(ActivationKind.Rectifier, tensor.dim() >= 4 ? 1 : -1, units: true)
            : new StatisticsRequest();
        return request with { Enough = ForwardCapture.EnoughOfActivation, EnoughInBlocks = ForwardCapture.EnoughOfOutput, EnoughPositions = ForwardCapture.EnoughPositions, RowOffset = _steps };
    }
}
