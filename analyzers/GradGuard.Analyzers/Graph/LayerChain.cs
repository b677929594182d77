using System.Collections.Immutable;

namespace GradGuard.Analyzers.Graph;

/// <summary>
/// Layers in a row: each value on the way is read by the next step alone, so no residual, gate or second head carries the signal past it.
/// Starts and ends at a layer with weights.
/// </summary>
internal sealed class LayerChain
{
    private LayerChain(IReadOnlyList<GraphNode> nodes)
    {
        Layers = nodes.Select(node => (node, LayerOf(node))).Where(step => step.Item2 is not null).ToImmutableArray()!;
        Nodes = nodes.TakeWhile(node => node != Layers[Layers.Length - 1].Use).ToImmutableArray();
    }

    /// <summary>The layers in order, each with the place where its weights multiply a value.</summary>
    public ImmutableArray<(GraphNode Use, Layer Layer)> Layers { get; }

    /// <summary>All steps before the last layer.</summary>
    public ImmutableArray<GraphNode> Nodes { get; }

    public IEnumerable<ActivationNode> Activations => Nodes.OfType<ActivationNode>();

    /// <summary>Every chain of two or more layers, each layer in one chain at most.</summary>
    public static IEnumerable<LayerChain> In(ModelGraph graph)
    {
        var taken = new HashSet<GraphNode>();
        foreach (var start in graph.Nodes.Where(node => LayerOf(node) is not null))
        {
            if (taken.Contains(start))
                continue;
            var nodes = new List<GraphNode> { start };
            while (NextOf(graph, nodes[nodes.Count - 1]) is { } next)
                nodes.Add(next);
            taken.UnionWith(nodes);
            var chain = new LayerChain(nodes);
            if (chain.Layers.Length > 1)
                yield return chain;
        }
    }

    private static GraphNode? NextOf(ModelGraph graph, GraphNode node) =>
        graph.UsersOf(node).Distinct().ToArray() is [var user] && IsStep(user) ? user : null;

    private static bool IsStep(GraphNode node) => node switch
    {
        ActivationNode or NormalizationNode or DropoutNode or PoolingNode or ScaleNode or ReshapeNode { IsSlice: false } => true,
        AddNode => node.Inputs.Any(input => input is TensorNode),
        _ => LayerOf(node) is not null,
    };

    private static Layer? LayerOf(GraphNode node) => node switch
    {
        AffineNode { Inputs.Length: 1 } affine => affine.Layer,
        ProductNode { ReadsCarriedState: false } product when product.Weights.ToArray() is [var weight] => weight.Layer,
        _ => null,
    };
}
