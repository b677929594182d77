using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;
using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Turns what happened in a training step into its record. Owns the hooks, and every tensor the monitor keeps.</summary>
internal sealed class StepReader : IDisposable
{
    /// <summary>Steps at the start, in which models still add what they need.</summary>
    private const int ChangingSteps = 16;

    /// <summary>
    /// Steps after which a reading looks again whether the model has other modules or parameters: on an LSTM of 2 layers that takes 20 µs of 1 ms. Where readings lie further
    /// apart each of them looks; where every step is read, the thorough ones do.
    /// </summary>
    private const int LookInterval = 8;

    /// <summary>Looks of which one asks for all names even where the outline is the same: a model may list what is no child of it.</summary>
    private const int ListingInterval = 8;

    private readonly StatisticsBatch _batch = new();
    private readonly WarmHeap _heap = new();
    private readonly ForwardCapture _forward;
    private readonly ParameterReader _parameters;
    private readonly ModelOutline _outline;
    private readonly GuardedListener _listener;
    private readonly WatchedModel _watched;
    private bool _readsGradientsWhole;
    private bool _nonFiniteSeen;
    private long? _looked;
    private int _looks;
    private IReadOnlyList<UpdateRecord>? _settled;
    private (IReadOnlyList<HookedLayer> Layers, WrittenCalls Calls)? _written;
    private IReadOnlyList<HookedLayer>? _allCalled;

    public StepReader(nn.Module model, OverheadMeter meter)
    {
        _forward = new ForwardCapture(model, _batch);
        _parameters = new ParameterReader(model, _batch);
        _outline = new ModelOutline(model);
        _listener = new GuardedListener(_forward, meter);
        _watched = new WatchedModel(model, _listener);
        Refresh();
    }

    /// <summary>The model and its modules.</summary>
    public IReadOnlyList<HookedLayer> Layers => _watched.Layers;

    /// <summary>The activations seen so far that are no modules of their own.</summary>
    public IEnumerable<(ActivationPlace Place, HookedLayer Layer)> Activations => _watched.Activations;

    /// <summary>Tensors without statistics so far.</summary>
    public long SkippedTensors { get; private set; }

    /// <summary>Steps whose forward passes outgrew the limits of what is held.</summary>
    public long OverflowedSteps { get; private set; }

    /// <summary>The first fault inside a hook; null when there was none.</summary>
    public Exception? HookFault => _listener.Fault;

    /// <summary>True when a hook can listen to the layer.</summary>
    public bool IsHooked(HookedLayer layer) => _watched.IsHooked(layer);

    /// <summary>Sets how much of the next step is captured.</summary>
    /// <param name="plan">What of it.</param>
    /// <param name="whole">True for every element of large tensors.</param>
    /// <param name="thorough">True for larger parts of the others, and for gradients that training does not compute.</param>
    /// <param name="wholeGradients">True for every element of gradients by parameters.</param>
    public void PlanNext(CapturePlan plan, bool whole, bool thorough, bool wholeGradients)
    {
        (_forward.Plan, _forward.ReadsWhole, _forward.IsThorough) = (plan, whole, thorough);
        _readsGradientsWhole = wholeGradients;
        _watched.IsFollowed = plan != CapturePlan.Idle;
        _watched.KeepsChain = plan > CapturePlan.Trace || CallChain.IsAsked;
    }

    /// <summary>
    /// True when a step that is not read has nothing to tell but its loss, and is let go of. Most steps of a run are: this looks at as little as
    /// it can.
    /// </summary>
    /// <param name="loss">Its loss.</param>
    /// <param name="value">The loss as a number.</param>
    public bool IsQuiet(Tensor loss, out double? value)
    {
        var isQuiet = true;
        try
        {
            value = LossValue.Of(loss);
            return isQuiet = !_parameters.HoldsSnapshots && _settled is null && (value is not { } number || double.IsFinite(number))
                && !_parameters.HasNonFiniteGradient();
        }
        finally
        {
            if (isQuiet)
                LetGo();
        }
    }

    /// <summary>Reads the step that just ran backward, and lets go of it.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="depth">How much of it.</param>
    /// <param name="lossScale">Factor that the loss was multiplied by before backward.</param>
    /// <param name="clipping">How the gradient was clipped, where the program told.</param>
    public StepReading Read(long step, Tensor loss, ReadingDepth depth, double lossScale, ClippingRecord? clipping)
    {
        try
        {
            using var noGrad = no_grad();
            return Read(step, LossValue.Of(loss), depth, lossScale, clipping);
        }
        finally
        {
            LetGo();
        }
    }

    /// <summary>Compares the weights with their copies now, for the record of the next step: a saved state holds the figures, not the copies.</summary>
    public void SettleUpdates()
    {
        if (!_parameters.HoldsSnapshots)
            return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _settled = _parameters.ReadUpdates();
    }

    /// <summary>Spectral radius of a recurrent layer's W_hh, the largest of several; null where it has no square one.</summary>
    /// <param name="layer">Path of an RNN, a cell, or the layer that maps states in a cell written by hand.</param>
    public double? SpectralRadius(string layer)
    {
        var own = _parameters.Parameters().Where(named => WatchedParameter.LayerOf(named.Name) == layer).ToList();
        var recurrent = own.Where(static named => named.Name.Contains("weight_hh", StringComparison.Ordinal)).ToList();
        return (recurrent.Count > 0 ? recurrent : own).Max(static named => Statistics.SpectralRadius.Of(named.Parameter));
    }

    /// <summary>Saves or restores what was noticed of the model so far.</summary>
    public void Persist(StateArchive archive)
    {
        var called = Layers.Where(static layer => layer.Called).Select(static layer => layer.Description.Path).ToHashSet();
        archive.Items(called, archive.Value);
        foreach (var layer in Layers)
            layer.Called |= called.Contains(layer.Description.Path);
        _nonFiniteSeen = archive.Value(_nonFiniteSeen);
        SkippedTensors = archive.Value(SkippedTensors);
        OverflowedSteps = archive.Value(OverflowedSteps);
        _forward.Readings = archive.Value(_forward.Readings);
        var settled = _settled?.ToList() ?? [];
        archive.Items(settled, update => new UpdateRecord(
            archive.Value(update?.Name ?? ""), archive.Value(update?.Layer ?? ""), archive.Value(update?.Dimensions ?? 0),
            archive.Value(update?.Count ?? 0), archive.Value(update?.Norm ?? 0), archive.Value(update?.WeightNorm ?? 0)));
        _settled = settled.Count > 0 ? settled : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watched.Dispose();
        _forward.Dispose();
        _parameters.Dispose();
        _heap.Dispose();
        _batch.Dispose();
    }

    private StepReading Read(long step, double? loss, ReadingDepth depth, double lossScale, ClippingRecord? clipping)
    {
        IReadOnlyList<UpdateRecord> updates;
        ReadParameter[] parameters = [];
        var mayDiffer = depth >= ReadingDepth.Norms && MayDiffer(step);
        if (depth >= ReadingDepth.Norms)
        {
            if (mayDiffer)
                _parameters.Refresh();
            parameters = _parameters.Read(_readsGradientsWhole ? new StatisticsRequest() : _forward.Size.OfGradient(step), out updates);
        }
        else
        {
            updates = _parameters.ReadUpdates();
        }

        updates = _settled ?? updates;
        _settled = null;
        var readsLayers = depth >= ReadingDepth.Activations;
        if (depth == ReadingDepth.Everything)
            _forward.ReadGradients(_heap);

        var statistics = _batch.Complete();
        foreach (var read in statistics)
            SkippedTensors += read.IsEvaluated ? 0 : 1;
        var neverCalled = readsLayers ? NeverCalled() : [];
        var reading = new StepReading
        {
            Step = step,
            Loss = loss,
            LossScale = lossScale,
            Clipping = clipping,
            Depth = depth,
            Updates = updates,
            Parameters = parameters,
            Passes = readsLayers ? _forward.Passes() : null,
            Statistics = statistics,
            NeverCalled = neverCalled,
            PastHooks = PastHooks(neverCalled),
        };
        if (IsHarmed(reading))
        {
            var trace = _nonFiniteSeen ? null : NonFiniteSearch.Run(_forward, _parameters, _batch);

            // Nothing is left to tell where the one parameter that is not finite has left the model, and is still listed for some steps.
            reading.IsFinite = trace is { IsEmpty: true } && !HasNonFiniteLoss(reading);
            reading.NonFinite = reading.IsFinite ? null : trace;
            _nonFiniteSeen |= !reading.IsFinite && !reading.ToRecord().IsScaleOverflow;
        }

        _parameters.KeepOthers(parameters, statistics);
        if (mayDiffer)
            Refresh();
        return reading;
    }

    private void LetGo()
    {
        OverflowedSteps += _forward.Overflowed ? 1 : 0;
        _forward.Clear();
        if (_watched.KeepsChain)
            CallChain.LeaveAll(_watched);
    }

    private static bool HasNonFiniteLoss(StepReading reading) => reading.Loss is { } loss && !double.IsFinite(loss);

    private static bool IsNonFinite(TensorStatistics read) => read is { IsEvaluated: true, NonFinite: > 0 };

    /// <summary>
    /// True when the loss, a weight or its gradient is not finite. An input or an output that is not, and leaves them finite, is known to the program: it fills missing
    /// values in, cuts overflows back, or masks with infinity.
    /// </summary>
    private bool IsHarmed(StepReading reading)
        => HasNonFiniteLoss(reading)
            || Array.Exists(reading.Parameters, read => IsNonFinite(reading.Statistics[read.Weight]) || (read.Gradient >= 0 && IsNonFinite(reading.Statistics[read.Gradient])))
            || (reading.Depth == ReadingDepth.Nothing && _parameters.HasNonFiniteGradient());

    private string[] NeverCalled()
    {
        // Once called they stay so, and other layers are another list.
        if (ReferenceEquals(_allCalled, Layers))
            return [];
        var paths = new List<string>();
        foreach (var layer in Layers)
        {
            if (layer is { IsLeaf: true, Called: false } && IsHooked(layer))
                paths.Add(layer.Description.Path);
        }

        _allCalled = paths.Count == 0 ? Layers : null;
        return [.. paths];
    }

    private string[] PastHooks(string[] neverCalled)
    {
        if (neverCalled.Length == 0)
            return [];
        if (_written is not { } known || !ReferenceEquals(known.Layers, Layers))
            _written = known = (Layers, WrittenCalls.Of(Layers));
        return [.. Layers.Where(layer => neverCalled.Contains(layer.Description.Path) && known.Calls.Reach(layer.Module)).Select(static layer => layer.Description.Path)];
    }

    /// <summary>True where the model may have other modules or parameters than when it last listed them.</summary>
    private bool MayDiffer(long step)
    {
        if (_looked is { } last && !(_forward.IsThorough && (step < ChangingSteps || step - last >= LookInterval)))
            return false;
        _looked = step;
        var hasChanged = _outline.HasChanged();
        return _looks++ % ListingInterval == 0 || hasChanged;
    }

    private void Refresh()
    {
        _watched.Refresh();
        var root = _watched.Layers[0];
        _forward.Sites.Root = root.Description.HasWeights ? root : null;
    }
}
