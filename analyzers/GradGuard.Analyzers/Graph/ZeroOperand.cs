using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph;

/// <summary>A logarithm, root or division over a value that can be exactly 0, where the result or its gradient is not finite.</summary>
/// <param name="Operation">The logarithm, root or division.</param>
/// <param name="Operand">What can be 0.</param>
/// <param name="Cause">Why it can.</param>
internal sealed record ZeroOperand(GraphNode Operation, GraphNode Operand, ZeroCause Cause)
{
    /// <summary>Every such operation on the way to a loss or, in a module, to its result. A value whose range is not known is not looked at.</summary>
    public static IEnumerable<ZeroOperand> In(ModelGraph graph)
    {
        var ends = graph.Nodes.OfType<BackwardNode>().Select(backward => backward.Target).Concat(graph.IsModule ? graph.Outputs : []);
        var trained = new HashSet<GraphNode>(ends.SelectMany(end => GradientPath.From(end)));
        if (trained.Count == 0)
            yield break;
        var computed = new Lazy<HashSet<GraphNode>>(() => GradientPath.Carriers(graph.Nodes, node => GradientPath.HasParameters(node) || node is UnknownNode or CarriedNode));
        var learning = new Lazy<HashSet<GraphNode>>(() => GradientPath.Carriers(graph.Nodes, node => computed.Value.Contains(node) || node is InputNode { IsData: false }));
        foreach (var node in graph.Nodes.Where(node => trained.Contains(node) && !GradientPath.EndsAt(node)))
        {
            if (OperandOf(node) is { } operand && CauseIn(node, operand, computed, learning) is { } cause && !graph.UsersOf(node).Any(IsChoice))
                yield return new(node, operand, cause);
        }
    }

    private static GraphNode? OperandOf(GraphNode node) => node switch
    {
        ElementwiseNode { Kind: ElementwiseKind.Log or ElementwiseKind.Sqrt or ElementwiseKind.Rsqrt or ElementwiseKind.Reciprocal } => node.Input,
        DivideNode => node.Inputs[1],
        _ => null,
    };

    /// <summary>
    /// Which zeros do harm differs: a ReLU blocks the infinite derivative of a root over it, and the norm's own derivative at 0 is defined as 0
    /// (both measured on libtorch 2.10), so that neither counts there. A model's input is as good as its data: its spread is not looked at.
    /// </summary>
    private static ZeroCause? CauseIn(GraphNode operation, GraphNode operand, Lazy<HashSet<GraphNode>> computed, Lazy<HashSet<GraphNode>> learning)
    {
        if (ZeroRange.Of(operand) is not { } cause)
            return null;
        var isRoot = operation is ElementwiseNode { Kind: ElementwiseKind.Sqrt };
        return cause switch
        {
            ZeroCause.Rectified or ZeroCause.RectifiedSum or ZeroCause.EmptyMask => isRoot ? null : cause,
            ZeroCause.Uniform or ZeroCause.SureSigmoid => operation is ElementwiseNode { Kind: ElementwiseKind.Log } ? cause : null,
            ZeroCause.Distance when isRoot && operand is ReductionNode { Kind: ReductionKind.Norm } => null,
            ZeroCause.Spread or ZeroCause.Range => computed.Value.Contains(operand) ? cause : null,
            _ => learning.Value.Contains(operand) ? cause : null,
        };
    }

    /// <summary>A result that is chosen or replaced by mask is taken care of.</summary>
    private static bool IsChoice(GraphNode user) => user is BranchNode or ReshapeNode { IsMasked: true };
}
