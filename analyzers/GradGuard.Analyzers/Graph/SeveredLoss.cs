using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph;

/// <summary>A loss from which no gradient reaches anything that learns.</summary>
/// <param name="Cut">Where the way to the parameters ends.</param>
internal sealed record SeveredLoss(GraphNode Cut)
{
    /// <summary>
    /// Follows every way back from <paramref name="backward"/>'s target. Null where one of them reaches parameters, a tensor that asks for its
    /// gradient, or something not known, and where no cut is to blame.
    /// </summary>
    public static SeveredLoss? Of(BackwardNode backward)
    {
        var seen = new HashSet<GraphNode> { backward.Target };
        var open = new Stack<GraphNode>(seen);
        var cuts = new List<GraphNode>();
        while (open.Count > 0)
        {
            var node = open.Pop();
            if (MayLearn(node))
                return null;
            if (GradientPath.EndsAt(node))
                cuts.Add(node);
            else
                foreach (var input in Differentiated(node).Reverse().Where(seen.Add))
                    open.Push(input);
        }

        return cuts.FirstOrDefault(HidesParameters) is { } cut ? new(cut) : null;
    }

    /// <summary>Values made without a graph are another fault, and told at the place where gradients are switched off.</summary>
    private static bool MayLearn(GraphNode node) =>
        (node.RequiresGradient && !IsOwnTarget(node)) || node is UnknownNode or CarriedNode or InputNode { IsData: false }
        || (node.Scope.IsGradientOff && node is not TensorNode) || GradientPath.HasParameters(node);

    /// <summary>A new tensor made of numbers: asking for the gradient of the loss itself only hides the error.</summary>
    private static bool IsOwnTarget(GraphNode node) => node is GradientCutNode { Kind: GradientCutKind.NewTensor };

    /// <summary>Classes and labels have no gradient; a prediction has.</summary>
    private static IEnumerable<GraphNode> Differentiated(GraphNode node) =>
        node is LossNode { Kind: LossKind.CrossEntropy or LossKind.NegativeLogLikelihood or LossKind.BinaryCrossEntropy or LossKind.BinaryCrossEntropyWithLogits }
            ? node.Inputs.Where((input, position) => position == 0 || input is not InputNode)
            : node.Inputs;

    private static bool HidesParameters(GraphNode cut)
    {
        var seen = new HashSet<GraphNode> { cut };
        var open = new Stack<GraphNode>(seen);
        while (open.Count > 0)
        {
            var node = open.Pop();
            if (GradientPath.HasParameters(node) || node is UnknownNode)
                return true;
            foreach (var input in node.Inputs.Where(seen.Add))
                open.Push(input);
        }

        return false;
    }
}
