namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Whether two nodes compute the same value because they are the same pure expression of the same inputs.</summary>
internal static class SameExpression
{
    public static bool Is(GraphNode left, GraphNode right) => Is(left, right, GraphLimits.ComparedDepth);

    private static bool Is(GraphNode left, GraphNode right, int depth)
    {
        if (ReferenceEquals(left, right))
            return true;
        if (depth == 0 || left.GetType() != right.GetType() || left.Inputs.Length != right.Inputs.Length)
            return false;
        var same = (left, right) switch
        {
            (ElementwiseNode a, ElementwiseNode b) => a.Kind == b.Kind && a.Low == b.Low && a.High == b.High,
            (ScaleNode a, ScaleNode b) => a.Factor is not null && a.Offset is not null && a.Factor == b.Factor && a.Offset == b.Offset,
            (AddNode a, AddNode b) => a.IsDifference == b.IsDifference,
            (MultiplyNode, MultiplyNode) or (DivideNode, DivideNode) or (ProductNode, ProductNode) => true,
            (ActivationNode a, ActivationNode b) => a.Kind == b.Kind && a.Parameter == b.Parameter && a.Dimension == b.Dimension,
            (AffineNode a, AffineNode b) => ReferenceEquals(a.Layer, b.Layer),
            (TensorNode a, TensorNode b) => ReferenceEquals(a.Layer, b.Layer),
            (ReshapeNode a, ReshapeNode b) => !a.IsSlice && !b.IsSlice && a.IsTranspose == b.IsTranspose,
            _ => false,
        };
        return same && left.Inputs.Zip(right.Inputs, (a, b) => Is(a, b, depth - 1)).All(equal => equal);
    }
}
