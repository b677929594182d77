using System.Collections.Concurrent;
using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// A model under watch, as the running program meets it: through TorchSharp's hooks on <c>call</c>, and through the interceptors of
/// <c>forward</c> and of activation functions. Knows which module is running, and tells the capture of each call once.
/// </summary>
internal sealed class WatchedModel : ICallListener, IDisposable
{
    private static readonly object Registration = new();
    private static WatchedModel[] _all = [];

    private readonly ICallListener _capture;
    private bool _isEnded;
    private readonly HookSet _hooks;
    private readonly ConcurrentDictionary<(HookedLayer, ActivationPlace), HookedLayer> _activations = new();

    /// <param name="model">The model.</param>
    /// <param name="capture">Told of each call; throws nothing.</param>
    public WatchedModel(nn.Module model, ICallListener capture)
    {
        _capture = capture;
        _hooks = new HookSet(model, this);
        lock (Registration)
        {
            Volatile.Write(ref _all, [.. _all, this]);
            WatchSwitch.IsOn = true;
        }
    }

    /// <summary>True once it is no longer watched.</summary>
    public bool IsEnded => Volatile.Read(ref _isEnded);

    /// <summary>False while nothing of a call is wanted but the fact that it took place, as on most steps of a small model.</summary>
    public bool IsFollowed { get; set; } = true;

    /// <summary>False on a step in which <see cref="CallChain"/> is not kept: what code tells from inside of a module then has no place.</summary>
    public bool KeepsChain { get; set; } = true;

    /// <summary>All models under watch.</summary>
    public static IReadOnlyList<WatchedModel> All => Volatile.Read(ref _all);

    /// <summary>The model and its modules.</summary>
    public IReadOnlyList<HookedLayer> Layers => _hooks.Layers;

    /// <summary>The activations seen so far that are no modules of their own.</summary>
    public IEnumerable<(ActivationPlace Place, HookedLayer Layer)> Activations => _activations.Select(static seen => (seen.Key.Item2, seen.Value));

    /// <summary>Hooks modules that are new and lets go of those that left the model.</summary>
    public void Refresh() => _hooks.Refresh();

    /// <summary>True when a hook can listen to the layer.</summary>
    public bool IsHooked(HookedLayer layer) => _hooks.IsHooked(layer);

    /// <summary>The layer a module is in this model; null for a module of another.</summary>
    public HookedLayer? Find(nn.Module module) => _hooks.Find(module);

    /// <inheritdoc/>
    public object? BeforeCall(HookedLayer layer, object? input)
    {
        if (KeepsChain && layer.Encloses)
            CallChain.Current = CallChain.Over(CallChain.Current, this, layer);
        return _capture.BeforeCall(layer, input);
    }

    /// <inheritdoc/>
    public void AfterCall(HookedLayer layer, object? input, object? output)
    {
        _capture.AfterCall(layer, input, output);
        if (KeepsChain && layer.Encloses)
            CallChain.Leave(this, layer.Module);
    }

    /// <summary>A module was called past its hooks, with its frame in place already.</summary>
    /// <returns>The argument to run it on.</returns>
    public object? BeforeForward(HookedLayer layer, object? input) => _capture.BeforeCall(layer, input);

    /// <summary>A module that was called past its hooks returned.</summary>
    public void AfterForward(HookedLayer layer, object? input, object? output) => _capture.AfterCall(layer, input, output);

    /// <summary>A running module called an activation function.</summary>
    /// <param name="running">The innermost module; null for the model itself.</param>
    /// <param name="place">Where in the code.</param>
    /// <param name="input">Argument.</param>
    /// <param name="output">Result: a tensor, or a <see cref="DerivedTensor"/>.</param>
    public void Activation(HookedLayer? running, ActivationPlace place, Tensor input, object output)
    {
        if (!IsFollowed || !KeepsChain)
            return;
        var key = (running ?? Layers[0], place);
        if (!_activations.TryGetValue(key, out var layer))
            layer = _activations.GetOrAdd(key, ActivationNaming.Name(key.Item1, place, Layers));
        _capture.AfterCall(layer, input, output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _isEnded, true);
        _hooks.Dispose();
        lock (Registration)
        {
            Volatile.Write(ref _all, [.. _all.Where(other => other != this)]);
            WatchSwitch.IsOn = _all.Length > 0;
        }
    }
}
