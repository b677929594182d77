using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>A matrix product written by hand: <c>matmul mm bmm addmm mv dot einsum functional.linear</c>.</summary>
internal sealed class ProductNode(GraphNode left, GraphNode right, double? innerWidth, Location location) : GraphNode(location, left, right)
{
    public GraphNode Left => Inputs[0];

    public GraphNode Right => Inputs[1];

    /// <summary>The contracted extent: the fan-in of each value of the product. Null where not known.</summary>
    public double? InnerWidth { get; } = innerWidth;

    /// <summary>True when both operands come from activations (attention scores), not from a parameter.</summary>
    public bool IsBetweenActivations { get; init; }

    /// <summary>The operands that are tensors of the program's own: parameters and random matrices.</summary>
    public IEnumerable<TensorNode> Weights => Inputs.Select(Source).OfType<TensorNode>();

    /// <summary>True inside a recurrence: one operand is the state carried round the loop.</summary>
    public bool ReadsCarriedState => Inputs.Any(input => Source(input) is CarriedNode);

    private static GraphNode Source(GraphNode node) => node is ReshapeNode or ScaleNode ? Source(node.Input) : node;
}

/// <summary>Sum or difference of two tensors: residual joins, biases.</summary>
internal sealed class AddNode(GraphNode left, GraphNode right, Location location) : GraphNode(location, left, right)
{
    public bool IsDifference { get; init; }
}

/// <summary>Element-wise product of two tensors: gates, masks.</summary>
internal sealed class MultiplyNode(GraphNode left, GraphNode right, Location location) : GraphNode(location, left, right);

/// <summary>Element-wise quotient of two tensors.</summary>
internal sealed class DivideNode(GraphNode numerator, GraphNode denominator, Location location) : GraphNode(location, numerator, denominator);

/// <summary>x·factor + offset with plain numbers; a null is a number not known at compile time.</summary>
internal sealed class ScaleNode(GraphNode input, double? factor, double? offset, Location location) : GraphNode(location, input)
{
    public double? Factor { get; } = factor;

    public double? Offset { get; } = offset;
}

internal sealed class ElementwiseNode(ElementwiseKind kind, GraphNode input, Location location) : GraphNode(location, input)
{
    public ElementwiseKind Kind { get; } = kind;

    /// <summary>
    /// Lower bound of a clamp (−∞ where none is given), exponent of a power, epsilon of a normalisation, threshold of a "greater than" comparison;
    /// null where absent or not known.
    /// </summary>
    public double? Low { get; init; }

    /// <summary>Upper bound of a clamp (+∞ where none is given); null where absent or not known.</summary>
    public double? High { get; init; }
}

internal sealed class ReductionNode(ReductionKind kind, GraphNode input, Location location) : GraphNode(location, input)
{
    public ReductionKind Kind { get; } = kind;

    /// <summary>Number of values reduced into one; null where not known.</summary>
    public double? Count { get; init; }

    /// <summary>The dimension reduced over; null where it is all of them, several, or not known.</summary>
    public long? Dimension { get; init; }
}

/// <summary>Same values, other order or shape: view, reshape, flatten, permute, transpose, squeeze, contiguous, slices, to(device or dtype).</summary>
internal sealed class ReshapeNode(GraphNode input, Location location) : GraphNode(location, input)
{
    /// <summary>True when the last two dimensions are swapped (<c>t()</c>, <c>mT</c>, <c>transpose(-1, -2)</c>).</summary>
    public bool IsTranspose { get; init; }

    /// <summary>True when only part of the values is kept (slices, index, select).</summary>
    public bool IsSlice { get; init; }

    /// <summary>True when values under a mask are replaced.</summary>
    public bool IsMasked { get; init; }
}

internal sealed class ConcatNode(Location location, params GraphNode[] inputs) : GraphNode(location, inputs);
