using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Capture;

/// <summary>What one step's calls of one module, fed by one source, left behind.</summary>
internal sealed class LayerSite(HookedLayer layer, HookedLayer? source, HookedLayer? before)
{
    private readonly List<int> _outputs = new(1);
    private readonly List<int> _gradients = new(1);
    private List<int>? _computedInputs;
    private List<(HeldTensor Input, int TimeDimension)>? _sequences;
    private double[]? _timeGradients;

    public HookedLayer Layer => layer;

    /// <summary>The layer with weights that its input comes from; null where that is not known.</summary>
    public HookedLayer? Source => source;

    /// <summary>The layer with weights that was called before the first of these calls.</summary>
    public HookedLayer? Before => before;

    /// <summary>Outputs in order of the calls; several a call for a module that returns a tuple.</summary>
    public List<HeldTensor[]> Calls { get; } = new(1);

    /// <summary>Position of the last call among all calls of the step.</summary>
    public int LastCall { get; set; }

    /// <summary>Notes where the statistics of an output will be found.</summary>
    public void AddOutput(int index) => _outputs.Add(index);

    /// <summary>Notes where the statistics of an input that no module made will be found.</summary>
    public void AddComputedInput(int index) => (_computedInputs ??= []).Add(index);

    /// <summary>Takes the watched input of a whole-sequence recurrence, with the dimension that is time.</summary>
    public void AddSequence(HeldTensor input, int timeDimension) => (_sequences ??= []).Add((input, timeDimension));

    /// <summary>Reads the gradients that backward left; those through time at once, as no batch does.</summary>
    /// <param name="batch">Reads them.</param>
    /// <param name="heap">Takes them over; null to let go of them.</param>
    /// <param name="request">How much of each.</param>
    public void ReadGradients(StatisticsBatch batch, WarmHeap? heap, in StatisticsRequest request)
    {
        foreach (var call in Calls)
        {
            foreach (var held in call)
            {
                if (held.ToldBy is { } pooled)
                {
                    _gradients.Add(PooledGradients.Read(held.Elements, pooled, request) is { } told ? batch.Add(told) : -1);
                    continue;
                }

                var gradient = held.Gradient();
                _gradients.Add(gradient is null ? -1 : batch.Add(gradient, request));
                if (gradient is null)
                    continue;
                if (heap is null)
                    gradient.Dispose();
                else
                    heap.Take(gradient);
            }
        }

        if (_sequences is not null)
            _timeGradients = SequenceGradients.Read(_sequences);
    }

    /// <summary>The record of these calls. No tensor is needed for it any more.</summary>
    /// <param name="statistics">All statistics of the step.</param>
    /// <param name="isFinal">True when no layer with weights was called after them.</param>
    /// <param name="isTurn">True when these are the turns of a recurrence, or may be.</param>
    public LayerRecord Record(TensorStatistics[] statistics, bool isFinal, bool isTurn)
    {
        var description = layer.Description;
        var outputs = Pick(statistics, _outputs);
        var inputs = Pick(statistics, _computedInputs);
        return new LayerRecord
        {
            Layer = description,
            Source = description.HasWeights ? description : source?.Description,
            Before = before?.Description,
            Calls = Calls.Count,
            IsFinal = isFinal,
            Output = TensorFigures.Of(outputs, description.Activation is ActivationKind.Sigmoid or ActivationKind.Tanh),
            Units = UnitCounts.Sum(outputs),
            Gradient = TensorFigures.Of(Pick(statistics, _gradients)),
            ComputedInput = TensorFigures.Of(inputs, bounded: true),
            ComputedInputUnits = UnitCounts.Sum(inputs),
            TimeGradients = description.Recurrence is RecurrenceKind.Plain or RecurrenceKind.Gated
                ? _timeGradients
                : isTurn ? CallGradients(statistics) : null,
        };
    }

    private static ReadOnlySpan<TensorStatistics> Pick(TensorStatistics[] statistics, List<int>? indices)
    {
        if (indices is null or [])
            return [];
        if (indices is [var only])
            return only >= 0 ? statistics.AsSpan(only, 1) : [];
        var picked = new TensorStatistics[indices.Count];
        var count = 0;
        foreach (var index in indices)
        {
            if (index >= 0)
                picked[count++] = statistics[index];
        }

        return picked.AsSpan(0, count);
    }

    /// <summary>Norm of the gradient by what each call returned; a cell, or the W_hh of a recurrence by hand, is called once a time step.</summary>
    private double[]? CallGradients(TensorStatistics[] statistics)
    {
        if (Calls.Count < 2 || _gradients.Count == 0)
            return null;
        var norms = new double[Calls.Count];
        var next = 0;
        for (var call = 0; call < norms.Length; call++)
        {
            var squares = 0.0;
            var seen = false;
            foreach (var _ in Calls[call])
            {
                var index = _gradients[next++];
                if (index < 0 || !statistics[index].IsEvaluated)
                    continue;
                seen = true;
                squares += statistics[index] is { NonFinite: 0, Norm: var norm } ? norm * norm : double.NaN;
            }

            norms[call] = seen ? Math.Sqrt(squares) : double.NaN;
        }

        return norms;
    }
}
