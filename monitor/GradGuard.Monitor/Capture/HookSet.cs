using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Keeps every module of a model hooked, also those that were added or replaced after the start.</summary>
internal sealed class HookSet(nn.Module model, WatchedModel watched) : IDisposable
{
    private readonly Dictionary<nn.Module, (HookedLayer Layer, Action? Remove)> _hooked = new(ReferenceEqualityComparer.Instance);

    /// <summary>A copy that is never changed: other threads, which train other models, look into it as well.</summary>
    private Dictionary<nn.Module, HookedLayer> _byModule = new(ReferenceEqualityComparer.Instance);

    /// <summary>The model itself, then its modules as <c>named_modules()</c> lists them; a shared one once, under its first path.</summary>
    public IReadOnlyList<HookedLayer> Layers { get; private set; } = [];

    /// <summary>Hooks what is new and lets go of what left the model.</summary>
    public void Refresh()
    {
        var layers = new List<HookedLayer>();
        var present = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        foreach (var (path, module) in model.named_modules().Prepend((name: "", module: model)))
        {
            if (!present.Add(module))
                continue;
            if (!_hooked.TryGetValue(module, out var known) || known.Layer.Description.Path != path)
            {
                known.Remove?.Invoke();
                var layer = HookedLayer.Of(path, module);
                known = (layer, ModuleHooks.Attach(layer, withInput: layer.TakesSequence || layer.Encloses, watched));
                _hooked[module] = known;
            }

            layers.Add(known.Layer);
        }

        foreach (var (module, (_, remove)) in _hooked.Where(hooked => !present.Contains(hooked.Key)).ToList())
        {
            remove?.Invoke();
            _hooked.Remove(module);
        }

        if (Layers.SequenceEqual(layers))
            return;
        Volatile.Write(ref _byModule, layers.ToDictionary(static layer => layer.Module, ReferenceEqualityComparer.Instance as IEqualityComparer<nn.Module>));
        Layers = layers;
    }

    /// <summary>The layer that a module is; null for a module of another model.</summary>
    public HookedLayer? Find(nn.Module module) => Volatile.Read(ref _byModule).GetValueOrDefault(module);

    /// <summary>True when the module has a <c>call</c> that hooks can listen to.</summary>
    public bool IsHooked(HookedLayer layer) => _hooked.TryGetValue(layer.Module, out var hooked) && hooked.Remove is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, remove) in _hooked.Values)
            remove?.Invoke();
        _hooked.Clear();
    }
}
