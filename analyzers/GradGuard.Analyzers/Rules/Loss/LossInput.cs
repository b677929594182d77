using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>What stands behind the prediction of a loss.</summary>
internal static class LossInput
{
    /// <summary>
    /// What may reach <paramref name="node"/> with its values unchanged: past reshapes, slices and dropout, both ways round a branch. A rule asks
    /// that all of them are wrong, since only one of the branches may be the one that trains.
    /// </summary>
    public static IReadOnlyList<GraphNode> Sources(GraphNode node)
    {
        var (seen, open, sources) = (new HashSet<GraphNode> { node }, new Stack<GraphNode>([node]), new List<GraphNode>());
        while (open.Count > 0)
        {
            var current = open.Pop();
            if (current is not (ReshapeNode or DropoutNode or BranchNode))
                sources.Add(current);
            else
                foreach (var input in current.Inputs.Where(seen.Add))
                    open.Push(input);
        }

        return sources;
    }

    /// <summary>The activations behind <paramref name="node"/>, where all of them are of these kinds; otherwise none.</summary>
    public static IReadOnlyList<ActivationNode> Activations(GraphNode node, params ActivationKind[] kinds)
    {
        var sources = Sources(node);
        return sources.All(source => source is ActivationNode activation && kinds.Contains(activation.Kind)) ? [.. sources.Cast<ActivationNode>()] : [];
    }

    /// <summary>True for a value with no bounds of its own: the result of a layer, or of a ReLU over one.</summary>
    public static bool IsUnbounded(GraphNode node) => node switch
    {
        AffineNode or RecurrentLayerNode { UsesRelu: true } => true,
        ActivationNode activation => IsUnbounded(activation.Kind),
        ProductNode product => product.Weights.Any(weight => weight.IsParameter),
        AddNode { IsDifference: false } sum => Sources(sum.Inputs[0]).All(IsUnbounded) && sum.Inputs[1] is TensorNode { IsParameter: true },
        _ => false,
    };

    private static bool IsUnbounded(ActivationKind kind) => kind is
        ActivationKind.Relu or ActivationKind.LeakyRelu or ActivationKind.PRelu or ActivationKind.Elu or ActivationKind.Gelu or ActivationKind.Silu;

    /// <summary>The name of a loss in messages: that of its function.</summary>
    public static string Name(LossKind kind) => kind switch
    {
        LossKind.CrossEntropy => "cross_entropy",
        LossKind.NegativeLogLikelihood => "nll_loss",
        LossKind.BinaryCrossEntropy => "binary_cross_entropy",
        LossKind.BinaryCrossEntropyWithLogits => "binary_cross_entropy_with_logits",
        _ => kind.ToString(),
    };
}
