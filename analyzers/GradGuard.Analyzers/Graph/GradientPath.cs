using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph;

/// <summary>The way gradients take back through a graph: from what is minimised, against the direction of evaluation.</summary>
internal static class GradientPath
{
    /// <summary>True where a value's inputs get no gradient, or one that is zero everywhere.</summary>
    public static bool EndsAt(GraphNode node) =>
        node is GradientCutNode or ElementwiseNode { Kind: ElementwiseKind.Sign or ElementwiseKind.Round or ElementwiseKind.Compare } || node.Scope.IsGradientOff;

    /// <summary>True for a value computed with weights that training changes, or such weights themselves.</summary>
    public static bool HasParameters(GraphNode node) => node switch
    {
        TensorNode tensor => tensor.IsParameter,
        AffineNode or RecurrentLayerNode or EmbeddingNode => true,
        AttentionNode attention => attention.Layer is not null,
        NormalizationNode normalization => normalization.Layer is not null,
        ActivationNode activation => activation.Kind is ActivationKind.PRelu,
        _ => false,
    };

    /// <summary>The values that a gradient arriving at <paramref name="start"/> reaches, itself first.</summary>
    /// <param name="start">Where the gradient arrives.</param>
    /// <param name="stops">True where it is not to be followed any further; the value itself is left out.</param>
    public static IEnumerable<GraphNode> From(GraphNode start, Func<GraphNode, bool>? stops = null)
    {
        var seen = new HashSet<GraphNode> { start };
        var open = new Stack<GraphNode>(seen);
        while (open.Count > 0)
        {
            var node = open.Pop();
            if (stops?.Invoke(node) is true)
                continue;
            yield return node;
            if (EndsAt(node))
                continue;
            foreach (var input in node.Inputs.Reverse().Where(seen.Add))
                open.Push(input);
        }
    }

    /// <summary>The values of a graph, in evaluation order, that have a gradient themselves because one of the sources is behind them.</summary>
    public static HashSet<GraphNode> Carriers(IEnumerable<GraphNode> nodes, Func<GraphNode, bool> isSource)
    {
        var carriers = new HashSet<GraphNode>();
        foreach (var node in nodes)
        {
            var isLeaf = node is TensorNode && isSource(node);
            if (isLeaf || node.RequiresGradient || (!EndsAt(node) && (isSource(node) || node.Inputs.Any(carriers.Contains))))
                carriers.Add(node);
        }

        return carriers;
    }
}
