using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;
using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Turns what happened in a training step into its record. Owns the hooks, and every tensor the monitor keeps.</summary>
internal sealed class StepReader : IDisposable
{
    private readonly StatisticsBatch _batch = new();
    private readonly ForwardCapture _forward;
    private readonly ParameterReader _parameters;
    private readonly GuardedListener _listener;
    private readonly WatchedModel _watched;
    private bool _nonFiniteSeen;

    public StepReader(nn.Module model, OverheadMeter meter)
    {
        _forward = new ForwardCapture(model, _batch);
        _parameters = new ParameterReader(model, _batch);
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
    public void PlanNext(CapturePlan plan) => _forward.Plan = plan;

    /// <summary>Reads the step that just ran backward, and lets go of it.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="sampled">True to read everything.</param>
    public StepRecord Read(long step, Tensor loss, bool sampled)
    {
        try
        {
            var value = LossValue.Of(loss);
            if (!sampled && IsQuiet(value))
                return new StepRecord { Step = step, Loss = value };
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            return Read(step, value, sampled);
        }
        finally
        {
            OverflowedSteps += _forward.Overflowed ? 1 : 0;
            _forward.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watched.Dispose();
        _forward.Dispose();
        _parameters.Dispose();
        _batch.Dispose();
    }

    private StepRecord Read(long step, double? loss, bool sampled)
    {
        var updates = _parameters.ReadUpdates();
        var parameters = sampled ? _parameters.Read() : null;
        if (sampled)
        {
            foreach (var site in _forward.Sites)
                site.ReadGradients(_batch);
        }

        var statistics = _batch.Complete();
        SkippedTensors += statistics.Count(static read => !read.IsEvaluated);
        var record = new StepRecord
        {
            Step = step,
            Loss = loss,
            Sampled = sampled,
            Updates = updates,
            Parameters = parameters?.Invoke(statistics) ?? [],
            Layers = sampled ? _forward.Records(statistics) : [],
            NeverCalled = sampled ? NeverCalled() : [],
            InputRms = sampled ? _forward.InputRms(statistics) : null,
        };
        if (IsNonFinite(record, statistics))
        {
            record = record with { IsFinite = false, NonFinite = _nonFiniteSeen ? null : NonFiniteSearch.Run(_forward, _parameters, _batch) };
            _nonFiniteSeen = true;
        }

        if (sampled)
        {
            _parameters.TakeSnapshots(record.Parameters);
            Refresh();
        }

        return record;
    }

    /// <summary>True when a step that is not read has nothing to tell but its loss: most steps of a run, so this looks at as little as it can.</summary>
    private bool IsQuiet(double? loss)
        => !_parameters.HoldsSnapshots && (loss is not { } number || double.IsFinite(number)) && !_parameters.HasNonFiniteGradient();

    private bool IsNonFinite(StepRecord record, IReadOnlyList<TensorStatistics> statistics)
        => record.Loss is { } loss && !double.IsFinite(loss)
            || statistics.Any(static read => read is { IsEvaluated: true, NonFinite: > 0 })
            || (!record.Sampled && _parameters.HasNonFiniteGradient());

    private string[] NeverCalled()
        => [.. Layers.Where(layer => layer is { IsLeaf: true, Called: false } && IsHooked(layer)).Select(static layer => layer.Description.Path)];

    private void Refresh()
    {
        _watched.Refresh();
        var root = _watched.Layers[0];
        _forward.Root = root.Description.HasWeights ? root : null;
    }
}
