using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph;

/// <summary>Why a value can be exactly 0.</summary>
internal enum ZeroCause
{
    /// <summary>A ReLU gives 0 for every negative input.</summary>
    Rectified,

    /// <summary>A sum or mean of rectified values, all of them 0.</summary>
    RectifiedSum,

    /// <summary>The variance or standard deviation of equal values.</summary>
    Spread,

    /// <summary>Maximum less minimum of equal values.</summary>
    Range,

    /// <summary>The distance of two equal tensors.</summary>
    Distance,

    /// <summary>The number of values under a mask that selects none.</summary>
    EmptyMask,

    /// <summary><c>rand</c> draws from [0, 1), 0 included.</summary>
    Uniform,

    /// <summary>1 − sigmoid: the sigmoid rounds to 1 in single precision beyond a logit of 17.</summary>
    SureSigmoid,
}

/// <summary>What the graph knows of values that can be exactly 0. An offset, a clamp or any operation not listed ends that knowledge; so does a root, whose own operand is the one to protect.</summary>
internal static class ZeroRange
{
    /// <summary>Why <paramref name="node"/> can be 0; null where it cannot, or where that is not known.</summary>
    public static ZeroCause? Of(GraphNode node) => node switch
    {
        ReshapeNode { IsSlice: false, IsMasked: false } => Of(node.Input),
        ScaleNode { Offset: 0, Factor: not 0 } => Of(node.Input),
        ScaleNode { Offset: 1, Factor: -1, Input: ActivationNode { Kind: ActivationKind.Sigmoid, IsHandWritten: false } } => ZeroCause.SureSigmoid,
        ActivationNode { Kind: ActivationKind.Relu or ActivationKind.Relu6 } => ZeroCause.Rectified,
        LossNode { Kind: LossKind.MeanSquaredError } => ZeroCause.Distance,
        AddNode { IsDifference: true } => OfDifference(node),
        ReductionNode reduction => OfReduction(reduction),
        TensorNode { IsParameter: false, Layer.Weight.Distribution: WeightDistribution.Uniform { Low: 0 } } => ZeroCause.Uniform,
        _ => null,
    };

    private static ZeroCause? OfReduction(ReductionNode reduction) => reduction.Kind switch
    {
        ReductionKind.Variance or ReductionKind.Std => ZeroCause.Spread,
        ReductionKind.Norm when Plain(reduction.Input) is AddNode { IsDifference: true } => ZeroCause.Distance,
        ReductionKind.Norm when Of(reduction.Input) is ZeroCause.Rectified => ZeroCause.RectifiedSum,
        ReductionKind.Sum or ReductionKind.Mean => Plain(reduction.Input) switch
        {
            ElementwiseNode { Kind: ElementwiseKind.Compare } => ZeroCause.EmptyMask,
            ElementwiseNode { Kind: ElementwiseKind.Square or ElementwiseKind.Abs } square => OfSquared(square.Input),
            MultiplyNode square when square.Inputs[0] == square.Inputs[1] => OfSquared(square.Inputs[0]),
            ActivationNode { Kind: ActivationKind.Relu or ActivationKind.Relu6 } => ZeroCause.RectifiedSum,
            _ => null,
        },
        _ => null,
    };

    private static ZeroCause? OfSquared(GraphNode node) => Plain(node) switch
    {
        AddNode { IsDifference: true, Inputs: [var value, var center] } when Plain(center) is ReductionNode { Kind: ReductionKind.Mean } mean && mean.Input == value => ZeroCause.Spread,
        AddNode { IsDifference: true } => ZeroCause.Distance,
        _ => null,
    };

    private static ZeroCause? OfDifference(GraphNode node) =>
        Plain(node.Inputs[0]) is ReductionNode { Kind: ReductionKind.Max } largest && Plain(node.Inputs[1]) is ReductionNode { Kind: ReductionKind.Min } smallest
            && largest.Input == smallest.Input
                ? ZeroCause.Range
                : null;

    private static GraphNode Plain(GraphNode node) => node is ReshapeNode { IsSlice: false, IsMasked: false } or ScaleNode { Offset: 0 } ? Plain(node.Input) : node;
}
