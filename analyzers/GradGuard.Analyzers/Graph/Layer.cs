using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>A module or bare parameter with weights, as created in the source. One layer may be used at several places of a graph.</summary>
internal sealed class Layer
{
    public Layer(string path, LayerKind kind, Location location)
    {
        Path = path;
        Kind = kind;
        Location = location;
    }

    /// <summary>
    /// The name as <c>named_modules()</c> gives it: <c>fc1</c>, <c>encoder.0</c>; empty for an anonymous layer. Mutable while the graph is
    /// built, because a module gets its name only from where the program keeps it.
    /// </summary>
    public string Path { get; set; }

    public LayerKind Kind { get; }

    /// <summary>The expression that creates the layer.</summary>
    public Location Location { get; }

    /// <summary>Features or channels in, where known: <c>Linear(in, …)</c>, <c>Conv2d(in, …)</c>, <c>LSTM(in, …)</c>, embedding count.</summary>
    public long? InFeatures { get; init; }

    /// <summary>Features or channels out; hidden size of a recurrent layer, width of an embedding.</summary>
    public long? OutFeatures { get; init; }

    /// <summary>Kernel extents of a convolution, empty otherwise; null elements are not known.</summary>
    public ImmutableArray<long?> Kernel { get; init; } = ImmutableArray<long?>.Empty;

    public ImmutableArray<long?> Stride { get; init; } = ImmutableArray<long?>.Empty;

    public ImmutableArray<long?> Padding { get; init; } = ImmutableArray<long?>.Empty;

    public ImmutableArray<long?> Dilation { get; init; } = ImmutableArray<long?>.Empty;

    /// <summary>Groups of a convolution (1 when not given), heads of an attention, groups of a group norm; null when not known.</summary>
    public long? Groups { get; init; } = 1;

    /// <summary>Stacked layers of a recurrent module or of a transformer.</summary>
    public long? Depth { get; init; } = 1;

    public bool Bidirectional { get; init; }

    /// <summary>Features of a bilinear layer's second input; null elsewhere and where not known.</summary>
    public long? SecondInFeatures { get; init; }

    /// <summary>Width between the two linear layers of a transformer block; null elsewhere and where not known.</summary>
    public long? FeedForward { get; init; }

    /// <summary>Between the two linear layers of a transformer block; null elsewhere and where not known.</summary>
    public ActivationKind? FeedForwardActivation { get; init; }

    public bool HasBias { get; init; } = true;

    /// <summary>Dropout probability built into the layer (recurrent, attention, transformer).</summary>
    public double? Dropout { get; init; } = 0;

    /// <summary>
    /// First values of the weight (of a recurrent layer: input-to-hidden). Mutable while the graph is built, because an initializer may run long
    /// after the layer was created; the last one wins.
    /// </summary>
    public required Initialization Weight { get; set; }

    /// <summary>First values of the bias; null when there is none.</summary>
    public Initialization? Bias { get; set; }

    /// <summary>First values of the hidden-to-hidden weight of a recurrent layer, otherwise null.</summary>
    public Initialization? RecurrentWeight { get; set; }

    /// <summary>
    /// Inputs one output value sums over: in features times kernel size over groups. Null where not known. This is the fan-in of
    /// <c>nn.init</c> (LeCun et al. 1998; He et al. 2015) as TorchSharp computes it from the weight's shape.
    /// </summary>
    public double? FanIn => Kind is LayerKind.TransposedConvolution ? Times(OutFeatures, KernelSize) : Times(InFeatures, KernelSize);

    /// <summary>Outputs one input value reaches, by the same rule.</summary>
    public double? FanOut => Kind is LayerKind.TransposedConvolution ? Times(InFeatures, KernelSize) : Times(OutFeatures, KernelSize);

    /// <summary>Number of weights one output channel has in space: the product of the kernel's extents, 1 without a kernel.</summary>
    public double? KernelSize => Kernel.Aggregate((double?)1, (product, extent) => product * extent);

    private double? Times(long? features, double? kernel) => features * kernel / Groups;
}
