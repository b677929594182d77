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

    private readonly List<HeldTensor> _held = [];
    private readonly List<Tensor> _tensors = [];
    private readonly List<PendingSequence> _pending = [];
    private readonly HashSet<HookedLayer> _final = [];
    private readonly TracedCalls _traced = new();
    private readonly PooledGradients _pooled = new();
    private bool _alternates;
    private HeldTensor? _input;
    private bool _isInputMade;
    private int _inputStatistics = -1;
    private int _calls;
    private long _heldBytes;

    /// <summary>How much of the coming step to capture.</summary>
    public CapturePlan Plan { get; set; } = CapturePlan.Gradients;

    /// <summary>
    /// True to read every element and to keep the gradient by every output: at the start, and where something looks wrong. Otherwise some rows of large
    /// tensors are enough, and the gradients that tell something.
    /// </summary>
    public bool ReadsWhole { get; set; } = true;

    /// <summary>
    /// False where every step is read, but for one in some. Then less stands for large tensors, an input that no module made is not looked into where it was no activation's, and nobody asks for the gradient by an
    /// input that no parameter had a part in and that gates take: backward computes it for the monitor alone, 3% of a step of a small LSTM. Without gates it explodes, and is always asked for.
    /// </summary>
    public bool IsThorough { get; set; } = true;

    /// <summary>How much of a large tensor stands for it then.</summary>
    public PartSize Size => IsThorough ? PartSize.Thorough : PartSize.Frugal;

    /// <summary>Forward passes read so far: each reads other parts of large tensors.</summary>
    public long Readings { get; set; }

    /// <summary>True when the step outgrew <see cref="HeldBytesLimit"/> or <see cref="CallLimit"/> and was let go.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Where its calls took place.</summary>
    public ForwardSites Sites { get; } = new();

    /// <summary>The model's input, once a forward pass began; null otherwise, and where it has no floating-point elements, as tokens have none.</summary>
    public HeldTensor? Input => _traced.Input ?? (_isInputMade ? null : _input);

    private bool Counts => Plan != CapturePlan.Idle && !Overflowed && model.training && is_grad_enabled();

    /// <summary>False when <see cref="BeforeCall"/> does nothing with a layer as the step is planned.</summary>
    public bool TakesInputOf(HookedLayer layer)
        => (Plan == CapturePlan.Gradients && layer.TakesSequence) || (layer.IsModel && Plan != CapturePlan.Idle && (Plan != CapturePlan.Trace || _traced.AsksForInput));

    /// <summary>False when <see cref="AfterCall"/> does nothing with a layer as the step is planned.</summary>
    public bool TakesOutputOf(HookedLayer layer) => Plan != CapturePlan.Idle && (layer.IsLeaf || (Plan == CapturePlan.Trace && layer.IsModel));

    /// <inheritdoc/>
    public object? BeforeCall(HookedLayer layer, object? input)
    {
        if (input is not Tensor { IsInvalid: false } tensor || !Counts)
            return input;
        if (layer.IsModel)
        {
            if (Plan == CapturePlan.Trace)
                _traced.HoldInput(tensor);
            else
                HoldInput(tensor);
            return input;
        }

        if (Plan != CapturePlan.Gradients || !layer.TakesSequence || !tensor.is_floating_point() || tensor.dim() != 3)
            return input;
        var source = Sites.SourceOf(tensor);
        if (tensor.requires_grad)
        {
            _pending.Add(new(layer, Keep(HeldTensor.Hold(tensor, retainGradient: true)), source));
            return input;
        }

        if (!IsThorough && layer.Description.Recurrence == RecurrenceKind.Gated)
            return input;
        var watched = Keep(HeldTensor.WatchedLeaf(tensor));
        _pending.Add(new(layer, watched, source));
        return watched.Tensor;
    }

    /// <inheritdoc/>
    public void AfterCall(HookedLayer layer, object? input, object? output)
    {
        if (!TakesOutputOf(layer) || !Counts)
            return;
        if (Plan == CapturePlan.Trace)
            _traced.Note(layer, input, output);
        else
            Read(layer, input, output);
        if (_heldBytes + _traced.HeldBytes > HeldBytesLimit || _calls + _traced.Count > CallLimit)
        {
            Clear();
            Overflowed = true;
        }
    }

    /// <summary>Puts the calls of a step that was only traced in their places: most such steps turn out sound, and need none.</summary>
    public void Settle()
    {
        foreach (var call in _traced.Settle())
        {
            var known = Sites.Find(call, out var origin);
            Sites.Follow(call.Layer, origin, known, call.Outputs);
        }
    }

    /// <summary>Reads the gradients that backward left by the outputs.</summary>
    /// <param name="heap">Takes their memory over, on thorough steps: it asks each of them where it lies, and between those steps keeps what it has.</param>
    public void ReadGradients(WarmHeap heap)
    {
        _final.Clear();
        _pooled.Compare(Readings);
        foreach (var site in Sites.InOrder)
        {
            // What the loss is made of is compared with the loss exactly, on thorough steps.
            var isFinal = Sites.IsFinal(site);
            if (isFinal)
                _final.Add(site.Layer);
            site.ReadGradients(batch, IsThorough ? heap : null, isFinal && IsThorough ? new StatisticsRequest() : Limited(new StatisticsRequest()));
        }
    }

    /// <summary>What was read of the step, for records to be made of it; it outlasts <see cref="Clear"/>.</summary>
    public ReadPasses Passes() => Sites.Passes(_inputStatistics);

    /// <summary>Lets go of everything of this step.</summary>
    public void Clear()
    {
        _traced.Clear();
        (_calls, _heldBytes) = (0, 0);
        if (_held.Count == 0 && Sites.InOrder.Count == 0 && !Overflowed)
            return;
        Readings += Plan >= CapturePlan.Outputs ? 1 : 0;
        foreach (var held in _held)
            held.Dispose();
        _held.Clear();
        _pending.Clear();
        _pooled.Clear();
        (_input, _isInputMade) = (null, false);
        _inputStatistics = -1;
        Sites.Clear();
        Overflowed = false;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void HoldInput(Tensor tensor)
    {
        if (_input is not null || !tensor.is_floating_point())
            return;
        _input = Keep(HeldTensor.Hold(tensor, retainGradient: false, _traced.InputLifetime));
        _inputStatistics = batch.Add(tensor, Limited(new StatisticsRequest()));
    }

    private StatisticsRequest Limited(in StatisticsRequest request)
        => ReadsWhole ? request : Size.OfOutput(request, Readings);

    private void Read(HookedLayer layer, object? input, object? output)
    {
        var first = CallArguments.First(input);
        var outputs = Hold(output, layer, first);
        if (outputs.Length == 0)
            return;
        if (_input is null && first is { IsInvalid: false })
        {
            HoldInput(first);
            _isInputMade = _calls > 0;
        }

        _calls++;
        Read(new FollowedCall(layer, first, outputs, output is DerivedTensor));
    }

    private HeldTensor[] Hold(object? output, HookedLayer layer, Tensor? input)
    {
        CallArguments.AddTensors(output, _tensors);
        _tensors.RemoveAll(static tensor => tensor.IsInvalid);
        var held = new HeldTensor[_tensors.Count];
        var bytes = 0L;
        for (var index = 0; index < held.Length; index++)
        {
            held[index] = Keep(Hold(_tensors[index], layer, input));
            bytes += held[index].IsBorrowed ? 0 : held[index].Bytes;
        }

        _tensors.Clear();
        if (bytes > 0)
            layer.Lifetime.Bytes = bytes;
        _heldBytes += held is [{ IsBorrowed: true }, ..] ? layer.Lifetime.Bytes : bytes;
        return held;
    }

    private HeldTensor Hold(Tensor output, HookedLayer layer, Tensor? input)
    {
        _alternates |= !IsThorough;
        var mayPool = _alternates && Plan == CapturePlan.Gradients && !ReadsWhole;
        if (mayPool && _pooled.IsTold(layer, input))
            return _pooled.Take(HeldTensor.Hold(output, retainGradient: true, layer.Lifetime, forAnother: true));
        var held = mayPool && !IsThorough && layer.IsToldByPooling == true ? HeldTensor.Untold(output)
            : StandInFor(layer, input) is { } standIn ? HeldTensor.ByInput(output, standIn)
            : HeldTensor.Hold(output, retainGradient: Plan == CapturePlan.Gradients && (ReadsWhole || layer.KeepsGradient), layer.Lifetime);
        if (mayPool)
            _pooled.Follow(layer, input, output, held);
        return held;
    }

    /// <summary>What stands for the output of a layer on a step that is read: its input, where no gradient by the output is asked for and the call before returned it.</summary>
    private HeldTensor? StandInFor(HookedLayer layer, Tensor? input)
        => Plan == CapturePlan.Gradients && !ReadsWhole && !layer.TellsGradient && input is not null && _held.Count > 0 && _held[^1] is var last && last.IsOf(input)
            ? last
            : null;

    private HeldTensor Keep(HeldTensor held)
    {
        _held.Add(held);
        return held;
    }

    private void Read(FollowedCall call)
    {
        var (layer, input, outputs, _) = call;
        var description = layer.Description;
        var sequence = TakePending(layer);
        var known = Sites.Find(call, out var origin) || sequence.Source is not null;
        if (sequence.Source is not null)
            origin = new(sequence.Source, IsActivated: false);
        var source = origin.Source;
        var site = Sites.Follow(layer, origin, known, outputs);
        if (description.HasWeights && input is { IsInvalid: false, requires_grad: true } && sequence.Held is not { IsWatchedLeaf: true }
            && (known ? sequence.Held is null && !origin.IsActivated && !layer.TakesNegatives : IsThorough || !layer.TakesNegatives))
        {
            var index = batch.Add(input, Limited(ActivationRequest.Of(ActivationKind.Sigmoid, ActivationRequest.UnitDimension(input, description), units: true)));
            var read = batch.ResultAt(index);
            layer.TakesNegatives |= read is { Min: < 0 };

            // What a layer returned is looked into for the one thing that the layer's own output cannot tell: that a rectifier wrote over it, or a module that is none of TorchSharp's rectified it.
            if (!known || read is { Min: 0, Zeros: > 0 })
                site.AddComputedInput(index);
        }

        if (description.HasWeights || description.IsFunction || description.Activation != ActivationKind.None)
        {
            // The program's handle: of what another tensor stands for the monitor has none.
            var output = outputs[0].Handle!;
            var dimension = ActivationRequest.UnitDimension(output, (source ?? layer).Description);
            var request = ActivationRequest.Of(description.Activation, dimension, description.Activation == ActivationKind.Rectifier);
            site.AddOutput(batch.Add(output, IsThorough && _final.Contains(layer) ? request : Limited(request)));
        }

        if (sequence.Held is not null)
            AddSequence(site, sequence.Held, outputs);
    }

    /// <summary>The input that was watched for a call of this layer: branches of a model may run side by side.</summary>
    private PendingSequence TakePending(HookedLayer layer)
    {
        if (_pending.Count == 0)
            return default;
        var place = _pending.FindIndex(pending => pending.Layer == layer);
        if (place < 0)
            return default;
        var pending = _pending[place];
        _pending.RemoveAt(place);
        return pending;
    }

    private static void AddSequence(LayerSite site, HeldTensor input, HeldTensor[] outputs)
    {
        // A second direction runs against time: what grows for one shrinks for the other.
        var isBidirectional = outputs.Length >= 2 && outputs[0].Tensor.size(-1) != outputs[1].Tensor.size(-1);
        if (outputs.Length >= 2 && !isBidirectional && SequenceGradients.TimeDimension(input.Tensor, outputs[1].Tensor) is { } time)
            site.AddSequence(input, time);
    }

    /// <summary>A whole-sequence recurrence that was called and has not returned.</summary>
    private readonly record struct PendingSequence(HookedLayer Layer, HeldTensor Held, HookedLayer? Source);
}
