using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>A layer that computes W·x + b: Linear, Bilinear (a second input follows the first), convolutions.</summary>
internal sealed class AffineNode(Layer layer, Location location, params GraphNode[] inputs) : GraphNode(location, inputs)
{
    public AffineNode(Layer layer, GraphNode input, Location location)
        : this(layer, location, input)
    {
    }

    public Layer Layer { get; } = layer;
}

/// <summary>A fused recurrent layer over <see cref="Steps"/> time steps, or one call of a cell (one step). Inputs: the sequence, then the state.</summary>
internal sealed class RecurrentLayerNode(Layer layer, Location location, params GraphNode[] inputs) : GraphNode(location, inputs)
{
    public RecurrentLayerNode(Layer layer, GraphNode input, Location location)
        : this(layer, location, input)
    {
    }

    public Layer Layer { get; } = layer;

    /// <summary>Length of the sequence, null where not known.</summary>
    public long? Steps { get; init; }

    /// <summary>True for an <c>nn.RNN</c> (or cell) built with the ReLU non-linearity.</summary>
    public bool UsesRelu { get; init; }
}

/// <summary>One of a recurrent layer's tuple results: output sequence (0), last hidden state (1), last cell state (2).</summary>
internal sealed class TupleItemNode(int index, GraphNode input, Location location) : GraphNode(location, input)
{
    public int Index { get; } = index;
}

internal sealed class EmbeddingNode(Layer layer, GraphNode input, Location location) : GraphNode(location, input)
{
    public Layer Layer { get; } = layer;
}

/// <summary>Multi-head attention, a transformer block, or <c>scaled_dot_product_attention</c> (then <see cref="Layer"/> is null). Inputs: query, key, value.</summary>
internal sealed class AttentionNode(Layer? layer, Location location, params GraphNode[] inputs) : GraphNode(location, inputs)
{
    public Layer? Layer { get; } = layer;

    /// <summary>True where some positions may not see others: a mask is given, or the attention is causal.</summary>
    public bool IsMasked { get; init; }
}

internal sealed class NormalizationNode(NormalizationKind kind, Layer? layer, GraphNode input, Location location) : GraphNode(location, input)
{
    public NormalizationKind Kind { get; } = kind;

    /// <summary>Scale and shift, null for a functional call without them.</summary>
    public Layer? Layer { get; } = layer;
}

/// <summary>Any dropout. At evaluation it is the identity; signal looks at training.</summary>
internal sealed class DropoutNode(double? probability, GraphNode input, Location location) : GraphNode(location, input)
{
    public double? Probability { get; } = probability;

    /// <summary>For a functional call: the <c>training</c> argument was left at its default.</summary>
    public bool TrainingLeftAtDefault { get; init; }
}

internal sealed class PoolingNode(PoolingKind kind, double? windowSize, GraphNode input, Location location) : GraphNode(location, input)
{
    public PoolingKind Kind { get; } = kind;

    /// <summary>Values one output looks at, null where not known.</summary>
    public double? WindowSize { get; } = windowSize;
}

/// <summary>A non-linearity, as a module, a function, a tensor method or written by hand.</summary>
internal sealed class ActivationNode(ActivationKind kind, GraphNode input, Location location) : GraphNode(location, input)
{
    public ActivationKind Kind { get; } = kind;

    /// <summary>Negative slope, alpha, or beta of the parametric kinds; null where not known.</summary>
    public double? Parameter { get; init; }

    /// <summary>Recognised from arithmetic, e.g. <c>1 / (1 + exp(-a))</c> or <c>maximum(0, a)</c>.</summary>
    public bool IsHandWritten { get; init; }

    /// <summary>Written by hand over an <c>exp</c> of the input itself, which overflows in single precision beyond 88.</summary>
    public bool MayOverflow { get; init; }

    /// <summary>Dimension of a softmax, null where not known or not applicable.</summary>
    public long? Dimension { get; init; }

    /// <summary>Path of the activation module, empty for a call.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where the module was created that a <c>Sequential</c> runs; null where the code calls the activation itself.</summary>
    public Location? Creation { get; init; }
}
