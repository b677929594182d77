namespace GradGuard.Analyzers.Torch;

internal enum ContainerKind
{
    Sequential,
    ModuleList,
    ModuleDict,
    ParameterList,
    ParameterDict,
}

/// <summary>Element-wise arithmetic of two operands, or of a tensor and a number.</summary>
internal enum ArithmeticKind
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Maximum,
    Minimum,
    Remainder,
    Compare,

    /// <summary>A comparison of which only "greater than" is meant: the mask of a hand-written ReLU.</summary>
    Greater,
    Logical,
    Power,
    AddScaledProduct,
    Interpolate,
}

internal enum ProductKind
{
    Matmul,
    Batched,
    Dot,
    Outer,

    /// <summary>input + mat1·mat2.</summary>
    AddMatmul,
    Einsum,

    /// <summary>input·weightᵀ + bias.</summary>
    Linear,
    Bilinear,
    Convolution,
    TransposedConvolution,
}

internal enum ReshapeKind
{
    View,
    Flatten,
    Transpose,

    /// <summary><c>t()</c>, <c>T</c>, <c>mT</c>: the last two dimensions swapped.</summary>
    MatrixTranspose,
    Permute,
    Squeeze,
    Unsqueeze,
    Expand,
    Repeat,
    Slice,

    /// <summary>Values kept, extents not followed: pixel shuffle, roll, flip, unfold.</summary>
    Rearrange,

    /// <summary>Zeros or copies added at the rim, or the image resized: the values' law changes little.</summary>
    Pad,
}

internal enum SelectKind
{
    /// <summary><c>where(condition, a, b)</c>.</summary>
    Where,

    /// <summary>Values under a mask replaced by a number.</summary>
    MaskedFill,

    /// <summary>Values under an index or mask taken: <c>gather</c>, <c>index_select</c>, <c>masked_select</c>.</summary>
    Take,

    /// <summary>Upper or lower triangle kept.</summary>
    Triangle,
}

/// <summary>How a tensor comes into being.</summary>
internal enum CreationKind
{
    Zeros,
    Ones,
    Full,
    Empty,
    Randn,
    Rand,
    Normal,
    Identity,

    /// <summary>Values of the program's own or counted ones: <c>tensor</c>, <c>arange</c>, <c>randint</c>.</summary>
    Data,
}

internal enum InitializerKind
{
    Zeros,
    Ones,
    Constant,
    Normal,
    TruncatedNormal,
    Uniform,
    XavierUniform,
    XavierNormal,
    KaimingUniform,
    KaimingNormal,
    Orthogonal,
    Sparse,
    Identity,

    /// <summary>A law that is not modelled: <c>exponential_</c>, <c>cauchy_</c>, <c>copy_</c>, <c>bernoulli_</c>.</summary>
    Other,
}
