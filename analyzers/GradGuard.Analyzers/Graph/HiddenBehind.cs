using System.Collections.Immutable;

namespace GradGuard.Analyzers.Graph;

/// <summary>The layers that read a hidden layer's output and nothing else: what stands between it and the loss.</summary>
/// <param name="Layers">The next layers with weights, at least one.</param>
internal sealed record HiddenBehind(ImmutableArray<Layer> Layers)
{
    /// <summary>
    /// Follows <paramref name="node"/>'s value past activations, biases and reshapes. Null for an output layer, and where the value joins another one (residual
    /// connection, gate, concatenation) or is normalized.
    /// </summary>
    public static HiddenBehind? Of(ModelGraph graph, GraphNode node)
    {
        var layers = ImmutableArray.CreateBuilder<Layer>();
        var seen = new HashSet<GraphNode> { node };
        var open = new Queue<GraphNode>(seen);
        while (open.Count > 0)
        {
            var value = open.Dequeue();
            if (graph.Outputs.Contains(value))
                return null;
            foreach (var user in graph.UsersOf(value))
            {
                if (LayerOf(user) is { } layer)
                    layers.Add(layer);
                else if (!OutputPath.PassesAlone(user))
                    return null;
                else if (seen.Add(user))
                    open.Enqueue(user);
            }
        }

        return layers.Count > 0 ? new(layers.ToImmutable()) : null;
    }

    private static Layer? LayerOf(GraphNode user) => user switch
    {
        AffineNode affine => affine.Layer,
        ProductNode product when product.Weights.ToArray() is [var weight] => weight.Layer,
        _ => null,
    };
}
