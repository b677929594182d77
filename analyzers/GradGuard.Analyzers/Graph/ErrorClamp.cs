using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph;

/// <summary>A clamp that cuts off the gradient of large errors: of a difference that is squared, or of a loss, both on their only way to backward.</summary>
/// <param name="Clamp">The clamp.</param>
/// <param name="Error">The difference or loss under it.</param>
/// <param name="Backward">What it is minimised by.</param>
internal sealed record ErrorClamp(ElementwiseNode Clamp, GraphNode Error, BackwardNode Backward)
{
    // A bound so far out is a guard against overflow, not a limit on errors: a cross-entropy of 100 is a probability of e^-100.
    private const double Guard = 100;

    /// <summary>True where the error is squared or measured before it is clamped.</summary>
    public bool IsOfLoss => Error is LossNode || Measured(Clamp.Input);

    /// <summary>Every such clamp of a graph.</summary>
    public static IEnumerable<ErrorClamp> In(ModelGraph graph)
    {
        var learning = new Lazy<HashSet<GraphNode>>(() => GradientPath.Carriers(graph.Nodes, MayLearn));
        foreach (var backward in graph.Nodes.OfType<BackwardNode>())
        {
            foreach (var clamp in Candidates(backward.Target))
            {
                if (clamp.Clamp.High >= Guard || !learning.Value.Contains(clamp.Error))
                    continue;
                var found = new ErrorClamp(clamp.Clamp, clamp.Error, backward);
                if (!found.IsBypassed())
                    yield return found;
            }
        }
    }

    private static bool MayLearn(GraphNode node) =>
        GradientPath.HasParameters(node) || node is UnknownNode or CarriedNode or InputNode { IsData: false };

    /// <summary>
    /// The clamps met on the way back from a loss through what only adds up, averages, scales and squares. Anything else (a product of two values that
    /// both learn, a join with another tensor before the square) may have a reason of its own.
    /// </summary>
    private static IEnumerable<(ElementwiseNode Clamp, GraphNode Error)> Candidates(GraphNode loss)
    {
        var seen = new HashSet<(GraphNode, bool)>();
        var open = new Stack<(GraphNode Node, bool IsMeasured)>([(loss, false)]);
        while (open.Count > 0)
        {
            var (node, isMeasured) = open.Pop();
            if (!seen.Add((node, isMeasured)) || GradientPath.EndsAt(node))
                continue;
            if (node is ElementwiseNode { Kind: ElementwiseKind.Clamp, High: not double.PositiveInfinity } clamp && ErrorUnder(clamp, isMeasured) is { } error)
                yield return (clamp, error);
            foreach (var next in Back(node, isMeasured))
                open.Push(next);
        }
    }

    private static IEnumerable<(GraphNode Node, bool IsMeasured)> Back(GraphNode node, bool isMeasured) => node switch
    {
        ScaleNode or ReshapeNode { IsMasked: false } => [(node.Input, isMeasured)],
        ReductionNode { Kind: ReductionKind.Sum or ReductionKind.Mean } or ConcatNode or AddNode { IsDifference: false } when !isMeasured =>
            node.Inputs.Select(input => (input, false)),
        ElementwiseNode { Kind: ElementwiseKind.Square or ElementwiseKind.Abs } => [(node.Input, true)],
        MultiplyNode when node.Inputs[0] == node.Inputs[1] => [(node.Inputs[0], true)],
        MultiplyNode => node.Inputs.Where((_, position) => IsWeight(node.Inputs[1 - position])).Select(input => (input, isMeasured)),
        LossNode { Inputs: [var prediction, var target, ..] } when !isMeasured && IsZero(target) => [(prediction, true)],
        _ => [],
    };

    private static bool IsWeight(GraphNode node) => node is InputNode { IsData: true } or TensorNode { IsParameter: false } or GradientCutNode;

    private static bool IsZero(GraphNode node) => node is TensorNode { IsParameter: false, Layer.Weight.Distribution: WeightDistribution.Constant { Value: 0 } };

    /// <summary>
    /// What the clamp limits: a loss, a measured difference, or a difference that is measured later on. One that is cut off at zero below
    /// is a hinge or an image, unless it is measured already.
    /// </summary>
    private static GraphNode? ErrorUnder(ElementwiseNode clamp, bool isMeasuredLater)
    {
        var inner = Unwrapped(clamp.Input);
        if (inner is LossNode)
            return inner;
        return Difference(inner) is { } error && (Measured(inner) || (isMeasuredLater && clamp.Low is not >= 0)) ? error : null;
    }

    /// <summary>The difference of two tensors under squares, absolute values, means and scalings.</summary>
    private static GraphNode? Difference(GraphNode node)
    {
        while (true)
        {
            switch (Unwrapped(node))
            {
                case AddNode { IsDifference: true } difference:
                    return difference;
                case ElementwiseNode { Kind: ElementwiseKind.Square or ElementwiseKind.Abs or ElementwiseKind.Sqrt } or ReductionNode { Kind: ReductionKind.Norm }:
                    node = Unwrapped(node).Input;
                    break;
                case MultiplyNode square when square.Inputs[0] == square.Inputs[1]:
                    node = square.Inputs[0];
                    break;
                default:
                    return null;
            }
        }
    }

    private static bool Measured(GraphNode node) => Unwrapped(node) is not AddNode;

    private static GraphNode Unwrapped(GraphNode node) =>
        node is ScaleNode { Offset: 0 } or ReshapeNode or ReductionNode { Kind: ReductionKind.Sum or ReductionKind.Mean } ? Unwrapped(node.Input) : node;

    /// <summary>True where the error reaches backward without the clamp, as in a Huber loss written by hand.</summary>
    private bool IsBypassed() => GradientPath.From(Backward.Target, node => node == Clamp)
        .Any(node => node == Error || (node is AddNode { IsDifference: true } && Error is AddNode && node.Inputs.All(Error.Inputs.Contains)));
}
