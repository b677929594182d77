using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// Follows the forward passes of one step. Hands every output on as it is; what it keeps are second handles, released at
/// <see cref="Clear"/>. Passes in evaluation mode or without gradients do not count.
/// </summary>
internal sealed class ForwardCapture(nn.Module model, StatisticsBatch batch) : ICallListener, IDisposable
{
    /// <summary>Memory held at most in a step, in bytes; a program that runs forward without end and never observes must not be kept alive.</summary>
    public const long HeldBytesLimit = 512L << 20;

    /// <summary>Calls followed at most in a step.</summary>
    public const int CallLimit = 8192;

    /// <summary>σ(−4), from which on the slope of a sigmoid is under 7% of its maximum (0.0177 of 0.25).</summary>
    private static readonly double SigmoidFlat = 1 / (1 + Math.Exp(4));

    /// <summary>tanh(2): from here on the slope of tanh is 0.0707.</summary>
    private static readonly double TanhFlat = Math.Tanh(2);

    private readonly Dictionary<Tensor, HookedLayer?> _sources = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(HookedLayer, HookedLayer?), LayerSite> _sites = [];
    private readonly List<LayerSite> _order = [];
    private readonly Queue<(HeldTensor Held, HookedLayer? Source)> _pending = new();
    private HookedLayer? _lastWeights;
    private HeldTensor? _input;
    private int _inputStatistics = -1;
    private int _lastWeightCall;
    private int _calls;
    private long _heldBytes;

    /// <summary>How much of the coming step to capture.</summary>
    public CapturePlan Plan { get; set; } = CapturePlan.Read;

    /// <summary>True when the step outgrew <see cref="HeldBytesLimit"/> or <see cref="CallLimit"/> and was let go.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Places in the forward pass, in the order they were first reached.</summary>
    public IReadOnlyList<LayerSite> Sites => _order;

    /// <summary>The model's input, once a forward pass began; null otherwise.</summary>
    public HeldTensor? Input => _input;

    /// <summary>The layer that stands for the model itself, when it owns weights outside any child.</summary>
    public HookedLayer? Root { get; set; }

    private bool Counts => Plan != CapturePlan.Idle && !Overflowed && model.training && is_grad_enabled();

    /// <inheritdoc/>
    public object? BeforeCall(HookedLayer layer, object? input)
    {
        if (input is not Tensor { IsInvalid: false } tensor || !Counts)
            return input;
        if (layer.Description.Path.Length == 0)
        {
            HoldInput(tensor);
            return input;
        }

        if (Plan != CapturePlan.Read || !layer.TakesSequence || !tensor.is_floating_point() || tensor.dim() != 3)
            return input;
        var source = _sources.GetValueOrDefault(tensor);
        if (tensor.requires_grad)
        {
            _pending.Enqueue((HeldTensor.Hold(tensor, retainGradient: true), source));
            return input;
        }

        var watched = HeldTensor.WatchedLeaf(tensor);
        _pending.Enqueue((watched, source));
        return watched.Tensor;
    }

    /// <inheritdoc/>
    public void AfterCall(HookedLayer layer, object? input, object? output)
    {
        layer.Called = true;
        if (!layer.IsLeaf || !Counts)
            return;
        var outputs = CallArguments.Tensors(output).Where(static tensor => !tensor.IsInvalid).ToArray();
        if (outputs.Length == 0)
            return;
        var first = CallArguments.Tensors(input).FirstOrDefault();
        if (_input is null && first is { IsInvalid: false })
            HoldInput(first);

        var sequence = _pending.Count > 0 ? _pending.Dequeue() : default;
        HookedLayer? source = sequence.Source;
        var known = sequence.Source is not null || (first is not null && _sources.TryGetValue(first, out source));
        if (!known && output is DerivedTensor)
            source = _lastWeights; // What comes between is written with operators: the layer called before is the likely source.
        var site = SiteOf(layer, source);
        site.LastCall = ++_calls;
        Follow(site, layer, source, known, first, outputs);
        if (sequence.Held is not null)
            AddSequence(site, sequence.Held, outputs);
        if (_heldBytes > HeldBytesLimit || _calls > CallLimit)
        {
            Clear();
            Overflowed = true;
        }
    }

    /// <summary>The records of the places reached, once backward has run.</summary>
    /// <param name="statistics">All statistics of the step.</param>
    public IReadOnlyList<LayerRecord> Records(IReadOnlyList<TensorStatistics> statistics)
        => [.. _order.Select(site => site.Record(statistics, site.LastCall >= _lastWeightCall, IsTurn(site)))];

    /// <summary>
    /// Layers with weights may be the W_hh of a recurrence; an activation is its state where the weights are no layer, so that
    /// one recurrence is told of once.
    /// </summary>
    private bool IsTurn(LayerSite site) => site.Layer.Description.HasWeights
        || (site.Layer.Description is { IsFunction: true, Recurrence: RecurrenceKind.PlainCell }
            && !_order.Exists(other => other.Layer.Description.HasWeights && other.Calls.Count == site.Calls.Count));

    /// <summary>Root mean square of the model's input; null when it was not read.</summary>
    public double? InputRms(IReadOnlyList<TensorStatistics> statistics)
        => _inputStatistics >= 0 && statistics[_inputStatistics] is { IsEvaluated: true } input ? input.Rms : null;

    /// <summary>Lets go of everything of this step.</summary>
    public void Clear()
    {
        foreach (var site in _order)
        {
            foreach (var held in site.Calls.SelectMany(static call => call))
                held.Dispose();
            foreach (var (held, _) in site.Sequences)
                held.Dispose();
        }

        while (_pending.TryDequeue(out var pending))
            pending.Held.Dispose();
        _input?.Dispose();
        _input = null;
        _inputStatistics = -1;
        _sources.Clear();
        _sites.Clear();
        _order.Clear();
        _lastWeights = null;
        _lastWeightCall = 0;
        _calls = 0;
        _heldBytes = 0;
        Overflowed = false;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void HoldInput(Tensor tensor)
    {
        if (_input is not null || !tensor.is_floating_point())
            return;
        _input = HeldTensor.Hold(tensor, retainGradient: false);
        if (Plan == CapturePlan.Read)
            _inputStatistics = batch.Add(tensor, new StatisticsRequest());
    }

    private LayerSite SiteOf(HookedLayer layer, HookedLayer? source)
    {
        if (_sites.TryGetValue((layer, source), out var site))
            return site;
        site = new LayerSite(layer, source, _lastWeights ?? Root);
        _sites.Add((layer, source), site);
        _order.Add(site);
        return site;
    }

    private void Follow(LayerSite site, HookedLayer layer, HookedLayer? source, bool known, Tensor? input, Tensor[] outputs)
    {
        var description = layer.Description;
        if (Plan == CapturePlan.Read && description.HasWeights && !known && input is { IsInvalid: false, requires_grad: true })
            site.AddComputedInput(batch.Add(input, Request(ActivationKind.Sigmoid, UnitDimension(input, description), units: true)));
        if (description.HasWeights)
        {
            _lastWeights = layer;
            _lastWeightCall = _calls;
        }

        var held = new HeldTensor[outputs.Length];
        for (var index = 0; index < outputs.Length; index++)
        {
            var output = outputs[index];
            held[index] = HeldTensor.Hold(output, retainGradient: Plan == CapturePlan.Read);
            _heldBytes += held[index].Bytes;
            if (known || description.HasWeights)
                _sources[output] = description.HasWeights ? layer : source;
        }

        site.Calls.Add(held);
        if (Plan == CapturePlan.Read && (description.HasWeights || description.IsFunction || description.Activation != ActivationKind.None))
        {
            var dimension = UnitDimension(outputs[0], (source ?? layer).Description);
            site.AddOutput(batch.Add(outputs[0], Request(description.Activation, dimension, description.Activation == ActivationKind.Rectifier)));
        }
    }

    private void AddSequence(LayerSite site, HeldTensor input, Tensor[] outputs)
    {
        // A second direction runs against time: what grows for one shrinks for the other.
        var isBidirectional = outputs.Length >= 2 && outputs[0].shape[^1] != outputs[1].shape[^1];
        if (outputs.Length >= 2 && !isBidirectional && SequenceGradients.TimeDimension(input.Tensor.shape, outputs[1].shape) is { } time)
            site.Sequences.Add((input, time));
        else
            input.Dispose();
    }

    private static int UnitDimension(Tensor tensor, LayerDescription producer)
        => tensor.dim() >= 4 || (tensor.dim() == 3 && producer.IsConvolution) ? 1 : -1;

    private static StatisticsRequest Request(ActivationKind kind, int unitDimension, bool units)
    {
        var request = kind switch
        {
            ActivationKind.Sigmoid => new StatisticsRequest { LowerBound = SigmoidFlat, UpperBound = 1 - SigmoidFlat },
            ActivationKind.Tanh => new StatisticsRequest().WithBound(TanhFlat),
            _ => new StatisticsRequest(),
        };
        return units ? request with { UnitDimension = unitDimension, Activity = UnitActivityRule.Above } : request;
    }
}
