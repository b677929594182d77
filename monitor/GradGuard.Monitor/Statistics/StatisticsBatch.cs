using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// Reads the tensors of one sampled step. CPU tensors are read when they are added; tensors on a device are reduced there, and the
/// results of all of them cross to the host in one transfer per device at <see cref="Complete"/>.
/// </summary>
/// <remarks>
/// Draws no random numbers, changes no grad mode, leaves no tensor behind. Not thread-safe; may be reused after
/// <see cref="Complete"/>.
/// </remarks>
internal sealed class StatisticsBatch : IDisposable
{
    private readonly List<TensorStatistics?> _results = [];
    private readonly DeviceReductions _reductions = new();
    private readonly int _degree;

    /// <param name="maxDegree">
    /// Threads for large CPU tensors. libtorch's workers are idle while the calling thread reads, so by default as many as it uses;
    /// never more than there are processors.
    /// </param>
    public StatisticsBatch(int? maxDegree = null)
        => _degree = Math.Clamp(maxDegree ?? get_num_threads(), 1, Environment.ProcessorCount);

    /// <summary>Adds a tensor.</summary>
    /// <param name="tensor">Any tensor. One that cannot be read gets a <see cref="SkipReason"/>, never an exception.</param>
    /// <param name="request">What to count.</param>
    /// <returns>Index of its statistics in the list that <see cref="Complete"/> returns.</returns>
    public int Add(Tensor tensor, in StatisticsRequest request)
    {
        if (ReadableTensor.ReasonToSkip(tensor, out var header) is var reason and not SkipReason.None)
            _results.Add(TensorStatistics.Skip(reason));
        else if (header.Device == DeviceType.CPU)
            _results.Add(CpuReader.Read(tensor, header, request, _degree));
        else
        {
            _reductions.Add(tensor, request, _results.Count);
            _results.Add(null);
        }

        return _results.Count - 1;
    }

    /// <summary>Adds what is known already.</summary>
    public int Add(TensorStatistics statistics)
    {
        _results.Add(statistics);
        return _results.Count - 1;
    }

    /// <summary>What is known of a tensor before <see cref="Complete"/>; null where its device has not told yet.</summary>
    /// <param name="index">What <see cref="Add(Tensor, in StatisticsRequest)"/> returned.</param>
    public TensorStatistics? ResultAt(int index) => _results[index];

    /// <summary>Statistics of the tensors added since the last call, in the order in which they were added.</summary>
    public TensorStatistics[] Complete()
    {
        foreach (var (index, statistics) in _reductions.Transfer())
            _results[index] = statistics;
        TensorStatistics[] completed = _results.ToArray()!;
        _results.Clear();
        return completed;
    }

    /// <summary>Releases reductions that were not transferred.</summary>
    public void Dispose() => _reductions.Dispose();
}
