using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Rules.Recurrence;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>
/// GG1007: first values of a recurrent layer's hidden-to-hidden weights, or of a linear layer in a loop over its own result, whose powers explode
/// or vanish. A product written by hand is GG3002's.
/// </summary>
internal sealed class GG1007RecurrentSpread() : ModelRule(InitializationDescriptors.RecurrentSpread)
{
    private const string Remedy = "orthogonal_";

    public override void Check(ModelContext model)
    {
        var places = model.Graph.Nodes.SelectMany(WeightsAt).Where(place => place.Weights is { IsDefault: false });
        foreach (var place in places.GroupBy(place => place.Weights!.Location).Select(group => group.First()))
            Check(model, place.Through, place.Layer, place.Weights!);
    }

    private static void Check(ModelContext model, GraphNode through, Layer layer, Graph.Initialization weights)
    {
        var signal = model.Signal[through];
        var isRandom = WeightMoments.Of(weights.Distribution, layer.OutFeatures, layer.OutFeatures) is { Std: > 0 };
        var limit = model.Read(GradientThroughTime.MaxFactor, weights.Location);
        if (!isRandom || GradientThroughTime.Of(signal.Recurrence, limit) is not { } verdict || (!verdict.Explodes && HasGates(layer)))
            return;
        model.Report(new(
            InitializationDescriptors.RecurrentSpread,
            weights.Location,
            Describe.Layer(layer),
            signal.Recurrence!.SpectralRadius is { } radius && !HasGates(layer) ? $" (spectral radius about {Describe.Number(radius)})" : "",
            Describe.Number(signal.Recurrence.GradientGainPerStep!.Value),
            verdict.Evidence,
            signal.AssumesUnitInput ? " (inputs taken to be of unit RMS)" : "")
        {
            Severity = verdict.Severity,
            Properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Initializer, Remedy),
        });
    }

    /// <summary>The recurrent weights that a value goes through, with the node whose signal tells what they do to the gradient.</summary>
    private static IEnumerable<(GraphNode Through, Layer Layer, Graph.Initialization? Weights)> WeightsAt(GraphNode node) => node switch
    {
        RecurrentLayerNode { Layer: var layer } when !IsCell(layer) => [(node, layer, layer.RecurrentWeight)],
        RecurrenceNode recurrence => recurrence.Cycle
            .Select(LayerOf)
            .OfType<Layer>()
            .Select(layer => (node, layer, (Graph.Initialization?)(layer.RecurrentWeight ?? layer.Weight))),
        _ => [],
    };

    private static Layer? LayerOf(GraphNode node) => node switch
    {
        AffineNode affine => affine.Layer,
        RecurrentLayerNode recurrent => recurrent.Layer,
        _ => null,
    };

    /// <summary>A gate, not the matrix, decides how much of a state is kept.</summary>
    private static bool HasGates(Layer layer) => layer.Kind is LayerKind.Lstm or LayerKind.LstmCell or LayerKind.Gru or LayerKind.GruCell;

    private static bool IsCell(Layer layer) => layer.Kind is LayerKind.RnnCell or LayerKind.LstmCell or LayerKind.GruCell;
}
