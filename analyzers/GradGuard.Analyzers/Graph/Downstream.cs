namespace GradGuard.Analyzers.Graph;

/// <summary>What a layer's output meets first on its way up, past reshapes, dropout, pooling, scaling and added biases.</summary>
/// <param name="Activation">The first non-linearity, null where none is reached before another layer or the output.</param>
/// <param name="IsNormalized">True when a normalization comes first: it undoes any scale of the weights.</param>
internal sealed record Downstream(ActivationNode? Activation, bool IsNormalized)
{
    /// <summary>Follows <paramref name="node"/>'s value. Where it is read in several places the first in evaluation order counts.</summary>
    public static Downstream Of(ModelGraph graph, GraphNode node)
    {
        var seen = new HashSet<GraphNode> { node };
        var open = new Queue<GraphNode>(seen);
        while (open.Count > 0)
        {
            foreach (var user in graph.UsersOf(open.Dequeue()))
            {
                if (user is ActivationNode activation)
                    return new(activation, IsNormalized: false);
                if (user is NormalizationNode)
                    return new(Activation: null, IsNormalized: true);
                if (KeepsScale(user) && seen.Add(user))
                    open.Enqueue(user);
            }
        }

        return new(Activation: null, IsNormalized: false);
    }

    private static bool KeepsScale(GraphNode node) =>
        node is ReshapeNode or DropoutNode or PoolingNode or TupleItemNode or BranchNode or ScaleNode or AddNode or ConcatNode;
}
