using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>The places that the calls of one step reach, in order, and which layer with weights feeds which call.</summary>
internal sealed class ForwardSites
{
    private readonly Dictionary<Tensor, Origin> _origins = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(HookedLayer, HookedLayer?), LayerSite> _sites = [];
    private readonly List<LayerSite> _order = [];
    private HookedLayer? _lastWeights;
    private int _lastWeightCall;
    private int _calls;

    /// <summary>The layer that stands for the model itself, when it owns weights outside any child.</summary>
    public HookedLayer? Root { get; set; }

    /// <summary>Places in the order in which they were first reached.</summary>
    public IReadOnlyList<LayerSite> InOrder => _order;

    /// <summary>The layer with weights that a tensor comes from; null where that is not known.</summary>
    public HookedLayer? SourceOf(Tensor tensor) => _origins.GetValueOrDefault(tensor).Source;

    /// <summary>Looks for the layer with weights that feeds a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="origin">That layer, or the likely one, if any.</param>
    /// <returns>True when a call that was followed made its input.</returns>
    public bool Find(FollowedCall call, out Origin origin)
    {
        origin = default;
        if (call.Input is not null && _origins.TryGetValue(call.Input, out origin))
            return true;
        if (call.IsDerived)
            origin = new(_lastWeights, IsActivated: false); // What comes between is written with operators: the layer called before is the likely source.
        return false;
    }

    /// <summary>Puts a call in its place.</summary>
    /// <param name="layer">What was called.</param>
    /// <param name="origin">Where its input comes from.</param>
    /// <param name="known">True when that is certain, so that what the call returns comes from there too.</param>
    /// <param name="outputs">What it returned.</param>
    public LayerSite Follow(HookedLayer layer, Origin origin, bool known, HeldTensor[] outputs)
    {
        var site = SiteOf(layer, origin.Source);
        site.LastCall = ++_calls;
        site.Calls.Add(outputs);
        var description = layer.Description;
        if (description.HasWeights)
            (_lastWeights, _lastWeightCall) = (layer, _calls);
        if (known || description.HasWeights)
        {
            var isActivated = origin.IsActivated || description.IsFunction || description.Activation != ActivationKind.None;
            foreach (var output in outputs)
            {
                var handle = output.Handle!;

                // A module around an activation function returns what the function returned.
                _origins[handle] = description.HasWeights ? new(layer, IsActivated: false)
                    : new(origin.Source, isActivated || _origins.GetValueOrDefault(handle).IsActivated);
            }
        }

        return site;
    }

    /// <summary>True when no layer with weights was called after a place: the loss is made of what it returned.</summary>
    public bool IsFinal(LayerSite site) => site.LastCall >= _lastWeightCall;

    /// <summary>The passes so far, for records to be made of them; they outlast <see cref="Clear"/>.</summary>
    /// <param name="input">Index of the statistics of the model's input; -1 when it was not read.</param>
    public ReadPasses Passes(int input) => new([.. _order], _lastWeightCall, input);

    /// <summary>Forgets the step.</summary>
    public void Clear()
    {
        _origins.Clear();
        _sites.Clear();
        _order.Clear();
        _lastWeights = null;
        _lastWeightCall = 0;
        _calls = 0;
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

    /// <summary>Where a tensor comes from.</summary>
    /// <param name="Source">The layer with weights; null where that is not known.</param>
    /// <param name="IsActivated">True once an activation was called on what that layer returned.</param>
    internal readonly record struct Origin(HookedLayer? Source, bool IsActivated);
}
