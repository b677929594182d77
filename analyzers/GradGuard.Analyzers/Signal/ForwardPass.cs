using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>The moments of every value of a graph, in evaluation order.</summary>
internal sealed class ForwardPass
{
    private readonly Dictionary<GraphNode, ForwardSignal> _signals = [];

    public ForwardPass(ImmutableArray<GraphNode> nodes)
    {
        foreach (var node in nodes)
            _signals[node] = Evaluate(node);
    }

    public ForwardSignal this[GraphNode node] => _signals.TryGetValue(node, out var signal)
        ? signal
        : ForwardSignal.Unknown(node, "used before it is computed");

    private ForwardSignal Evaluate(GraphNode node)
    {
        var inputs = node.Inputs.Select(input => this[input]).ToArray();
        var signal = Through(node, inputs);
        return signal with { AssumesUnitInput = node is InputNode || inputs.Any(input => input.AssumesUnitInput) };
    }

    private static ForwardSignal Through(GraphNode node, ForwardSignal[] inputs) => node switch
    {
        InputNode => ForwardSignal.Known(node, Moments.UnitRms, isGaussian: true),
        TensorNode tensor => SourcePropagation.From(tensor),
        AffineNode affine => AffinePropagation.Through(affine, inputs[0]),
        ActivationNode activation => ActivationPropagation.Through(activation, inputs[0]),
        ScaleNode scale => PointwisePropagation.Through(scale, inputs[0]),
        AddNode add => JoinPropagation.Through(add, inputs[0], inputs[1]),
        MultiplyNode multiply => JoinPropagation.Through(multiply, inputs[0], inputs[1]),
        DivideNode divide => JoinPropagation.Through(divide, inputs[0], inputs[1]),
        ConcatNode concat => JoinPropagation.Through(concat, inputs),
        BranchNode branch => JoinPropagation.Through(branch, inputs),
        ReshapeNode => PassThrough(node, inputs[0]),
        DropoutNode dropout => DropoutPropagation.Through(dropout, inputs[0]),
        GradientCutNode => Cut(node, inputs[0]),
        UnknownNode unknown => ForwardSignal.Unknown(unknown, unknown.Reason),
        _ => ForwardSignal.Unknown(node, "no closed form for this operation"),
    };

    /// <summary>Same values in another shape: the chain of functions goes on, and the gradient takes the way back.</summary>
    private static ForwardSignal PassThrough(GraphNode node, ForwardSignal input) =>
        input.Value is null ? ForwardSignal.Unknown(node, input.UnknownBecause) : PointwisePropagation.Same(node, input);

    /// <summary>The value goes on, no gradient comes back.</summary>
    private static ForwardSignal Cut(GraphNode node, ForwardSignal input) => input.Value is { } value
        ? ForwardSignal.Known(node, value, input.IsGaussian)
        : ForwardSignal.Unknown(node, input.UnknownBecause) with { Edges = ImmutableArray<GradientEdge>.Empty };
}
