using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Recurrence;

/// <summary>
/// GG3004: a plain RNN, fused or as a cell in a loop, over a sequence so long that its first steps get no gradient. Orthogonal and identity weights are
/// the usual remedy (Saxe et al. 2014; Le, Jaitly and Hinton 2015), and random ones that are to blame themselves are GG1007's.
/// </summary>
internal sealed class GG3004LongPlainRecurrence() : ModelRule(RecurrenceDescriptors.LongPlainRecurrence)
{
    /// <summary>Below it a model is likely to need but a short memory.</summary>
    private const int LongSequence = 20;

    public override void Check(ModelContext model)
    {
        var recurrences = model.Graph.Nodes.SelectMany(PlainLayersAt).Where(found => found.Layer.RecurrentWeight is { } weight && !KeepsLengths(weight));
        foreach (var (through, layer) in recurrences.GroupBy(found => found.Layer).Select(group => group.First()))
            Check(model, through, layer);
    }

    private static void Check(ModelContext model, GraphNode through, Layer layer)
    {
        var signal = model.Signal[through];
        var limit = model.Read(GradientThroughTime.MaxFactor, layer.Location);
        if (signal.Recurrence is not { Steps: >= LongSequence and var steps, GradientFactor: { } factor, GradientGainPerStep: { } gain } || factor >= 1 / limit)
            return;
        if (!layer.RecurrentWeight!.IsDefault && GradientThroughTime.Of(signal.Recurrence, limit) is not null)
            return;
        model.Report(new(
            RecurrenceDescriptors.LongPlainRecurrence,
            layer.Location,
            Describe.Layer(layer),
            steps,
            Describe.Number(gain),
            Describe.Number(factor),
            signal.AssumesUnitInput ? " (inputs taken to be of unit RMS)" : ""));
    }

    private static bool KeepsLengths(Graph.Initialization weights) =>
        weights.Distribution is WeightDistribution.Orthogonal or WeightDistribution.Identity or WeightDistribution.Scaled { Inner: WeightDistribution.Identity };

    private static IEnumerable<(GraphNode Through, Layer Layer)> PlainLayersAt(GraphNode node) => node switch
    {
        RecurrentLayerNode { Layer: { Kind: LayerKind.Rnn } layer } => [(node, layer)],
        RecurrenceNode recurrence => recurrence.Cycle.OfType<RecurrentLayerNode>()
            .Where(cell => cell.Layer.Kind is LayerKind.RnnCell)
            .Select(cell => (node, cell.Layer)),
        _ => [],
    };
}
