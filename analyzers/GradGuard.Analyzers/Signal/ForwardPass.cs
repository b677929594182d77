using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>The moments of every value of a graph, in evaluation order.</summary>
internal sealed class ForwardPass
{
    private readonly Dictionary<GraphNode, ForwardSignal> _signals = [];
    private readonly ForwardPass? _outside;

    public ForwardPass(ImmutableArray<GraphNode> nodes)
        : this(nodes, null)
    {
        foreach (var node in nodes)
            _signals[node] = Evaluate(node);
    }

    /// <summary>Evaluates a loop's body once more, for a carried value of the given moments; other values are those of the pass outside.</summary>
    public ForwardPass(ImmutableArray<GraphNode> body, ForwardPass outside, CarriedNode carried, Moments state)
        : this(body, outside)
    {
        _signals[carried] = ForwardSignal.Known(carried, state, isGaussian: false);
        foreach (var node in body)
            _signals[node] = Evaluate(node);
    }

    private ForwardPass(ImmutableArray<GraphNode> nodes, ForwardPass? outside)
    {
        Nodes = nodes;
        _outside = outside;
    }

    /// <summary>The nodes evaluated, in order.</summary>
    public ImmutableArray<GraphNode> Nodes { get; }

    /// <summary>True for one iteration of a loop's body.</summary>
    public bool IsInsideLoop => _outside is not null;

    public ForwardSignal this[GraphNode node] => _signals.TryGetValue(node, out var signal)
        ? signal
        : _outside?[node] ?? ForwardSignal.Unknown(node, "used before it is computed");

    /// <summary>Replaces the values of a loop's first iteration by those of its last.</summary>
    public void Adopt(ForwardPass iteration)
    {
        foreach (var pair in iteration._signals)
            _signals[pair.Key] = pair.Value;
    }

    public void Adopt(GraphNode node, ForwardSignal signal) => _signals[node] = signal;

    private ForwardSignal Evaluate(GraphNode node)
    {
        var inputs = node.Inputs.Select(input => this[input]).ToArray();
        var signal = Through(node, inputs);
        return signal with { AssumesUnitInput = RestsOnUnitInput(node, inputs) };
    }

    /// <summary>A normalization forgets its input's scale, an embedding all of its input.</summary>
    private static bool RestsOnUnitInput(GraphNode node, ForwardSignal[] inputs) => node is InputNode
        || (node is not (NormalizationNode or EmbeddingNode) && inputs.Any(input => input.AssumesUnitInput));

    private ForwardSignal Through(GraphNode node, ForwardSignal[] inputs) => node switch
    {
        InputNode => ForwardSignal.Known(node, Moments.UnitRms, isGaussian: true),
        TensorNode tensor => SourcePropagation.From(tensor),
        EmbeddingNode embedding => EmbeddingPropagation.Through(embedding),
        ProductNode product => ProductPropagation.Through(product, inputs[0], inputs[1]),
        NormalizationNode normalization => NormalizationPropagation.Through(normalization, inputs[0]),
        PoolingNode pooling => PoolingPropagation.Through(pooling, inputs[0]),
        ReductionNode reduction => ReductionPropagation.Through(reduction, inputs[0]),
        AttentionNode { Layer: { Kind: LayerKind.TransformerEncoder or LayerKind.TransformerEncoderLayer } layer } block =>
            TransformerPropagation.Through(block, layer, inputs[0], this),
        AttentionNode attention => AttentionPropagation.Through(attention, inputs),
        ElementwiseNode elementwise => ElementwisePropagation.Through(elementwise, inputs[0]),
        CarriedNode => inputs[0].Value is { } initial
            ? ForwardSignal.Known(node, initial, inputs[0].IsGaussian, new GradientEdge(node.Input, gradient => gradient))
            : ForwardSignal.Unknown(node, inputs[0].UnknownBecause),
        RecurrenceNode recurrence => LoopPropagation.Through(recurrence, this),
        RecurrentLayerNode recurrent => RecurrentPropagation.Through(recurrent, inputs),
        TupleItemNode { Input: RecurrentLayerNode recurrent } item when item.Index is >= 0 and <= 2 =>
            RecurrentPropagation.Item(item, recurrent, inputs[0], (RecurrentOutput)item.Index),
        ReshapeNode { IsSlice: true, Input: TupleItemNode { Index: 0, Input: RecurrentLayerNode recurrent } sequence } slice when IsOneStep(slice, sequence) =>
            RecurrentPropagation.Item(slice, recurrent, this[recurrent], RecurrentOutput.LastHidden),
        AffineNode { Inputs.Length: 2 } bilinear => BilinearPropagation.Through(bilinear, inputs[0], inputs[1]),
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

    /// <summary>A slice that drops a dimension of an output sequence keeps one step: the last one, in models that do not take the state instead.</summary>
    private static bool IsOneStep(ReshapeNode slice, TupleItemNode sequence) => slice.Shape.Rank is { } rank && rank + 1 == sequence.Shape.Rank;

    /// <summary>Same values in another shape: the chain of functions goes on, and the gradient takes the way back. Flattened positions are units of their own.</summary>
    private static ForwardSignal PassThrough(GraphNode node, ForwardSignal input) =>
        input.Value is null ? ForwardSignal.Unknown(node, input.UnknownBecause)
        : node.Shape.Rank is <= 2 ? PointwisePropagation.Same(node, input with { OriginConcentration = input.OriginConcentration.WithoutPattern })
        : PointwisePropagation.Same(node, input);

    /// <summary>The value goes on, no gradient comes back.</summary>
    private static ForwardSignal Cut(GraphNode node, ForwardSignal input) => input.Value is { } value
        ? ForwardSignal.Known(node, value, input.IsGaussian)
        : ForwardSignal.Unknown(node, input.UnknownBecause) with { Edges = ImmutableArray<GradientEdge>.Empty };
}
