using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>A value as <c>Root·Factor + Offset</c>, with every known scale and negation folded in.</summary>
internal sealed record LinearForm(GraphNode Root, double Factor, double Offset)
{
    public static LinearForm Of(GraphNode node)
    {
        var (factor, offset) = (1.0, 0.0);
        while (true)
        {
            switch (node)
            {
                case ScaleNode { Factor: { } inner, Offset: { } shift }:
                    (factor, offset) = (factor * inner, offset + (factor * shift));
                    node = node.Input;
                    break;
                case ElementwiseNode { Kind: ElementwiseKind.Negate }:
                    factor = -factor;
                    node = node.Input;
                    break;
                default:
                    return new(node, factor, offset);
            }
        }
    }

    /// <summary>True when one value is the other's negative.</summary>
    public static bool AreOpposite(GraphNode left, GraphNode right)
    {
        var (a, b) = (Of(left), Of(right));
        return a.Factor == -b.Factor && a.Offset == -b.Offset && SameExpression.Is(a.Root, b.Root);
    }
}
