using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph;

/// <summary>A backward through values whose graph an earlier one has given back.</summary>
/// <param name="Second">The call that throws.</param>
/// <param name="First">The call that gave the graph back; the same one where it runs again in a loop.</param>
/// <param name="Shared">A value both go through.</param>
internal sealed record FreedGraph(BackwardNode Second, BackwardNode First, GraphNode Shared)
{
    /// <summary>
    /// Every such call of a graph. Only what is certain counts: the first call runs whenever the second does, and the shared value is computed on
    /// every path and keeps tensors for its derivative (a sum, a scaling, a reshape keep none, and may be gone through twice).
    /// </summary>
    public static IEnumerable<FreedGraph> In(ModelGraph graph)
    {
        var earlier = new List<(BackwardNode Call, HashSet<GraphNode> Saved)>();
        var carriers = new Lazy<HashSet<GraphNode>>(() => GradientPath.Carriers(graph.Nodes, GradientPath.HasParameters));
        foreach (var call in graph.Nodes.OfType<BackwardNode>())
        {
            var saved = Saved(call.Target, carriers.Value);
            if (FreedBefore(call, saved, earlier, graph.Freezes) is { } freed)
                yield return freed;
            earlier.Add((call, saved));
        }
    }

    private static FreedGraph? FreedBefore(
        BackwardNode call, HashSet<GraphNode> saved, IEnumerable<(BackwardNode Call, HashSet<GraphNode> Saved)> earlier, bool freezes)
    {
        foreach (var (first, alreadySaved) in earlier)
        {
            if (first.RetainsGraph is false && call.Scope.IsWithin(first.Scope) && Pick(alreadySaved.Where(saved.Contains), call, freezes) is { } shared)
                return new(call, first, shared);
        }

        return call is { RetainsGraph: false, Scope.UnconditionalLoop: { Repeats: true } loop }
            && Pick(saved.Where(node => !node.Scope.IsWithin(loop)), call, freezes) is { } outside
                ? new(call, call, outside)
                : null;
    }

    /// <summary>
    /// A value below the loss has a graph only if the weights behind it are trained, so that code which freezes weights leaves only the loss itself
    /// certain.
    /// </summary>
    private static GraphNode? Pick(IEnumerable<GraphNode> shared, BackwardNode call, bool freezes) =>
        shared.FirstOrDefault(node => !freezes || node == call.Target);

    /// <summary>The values of a loss's graph, certain to be computed for it, that have a gradient and keep tensors to compute it.</summary>
    private static HashSet<GraphNode> Saved(GraphNode loss, HashSet<GraphNode> carriers) =>
        [.. GradientPath.From(loss, node => node is BranchNode or CarriedNode or UnknownNode or InputNode).Where(node => Keeps(node) && carriers.Contains(node))];

    private static bool Keeps(GraphNode node) => node switch
    {
        LossNode or AffineNode or ProductNode or RecurrentLayerNode or EmbeddingNode or AttentionNode or NormalizationNode => true,
        ActivationNode or MultiplyNode or DivideNode => true,
        ElementwiseNode elementwise => elementwise.Kind is not ElementwiseKind.Negate,
        ReductionNode reduction => reduction.Kind is not (ReductionKind.Sum or ReductionKind.Mean),
        _ => false,
    };
}
