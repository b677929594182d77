namespace GradGuard.Analyzers.Torch;

internal enum LayerKind
{
    Linear,
    Bilinear,
    Convolution,
    TransposedConvolution,
    Embedding,
    Rnn,
    Lstm,
    Gru,
    RnnCell,
    LstmCell,
    GruCell,
    Attention,
    TransformerEncoderLayer,
    TransformerDecoderLayer,
    TransformerEncoder,
    TransformerDecoder,
    Transformer,
    Normalization,

    /// <summary>A tensor of the program's own (a <c>Parameter</c> or a random tensor), used in products written by hand.</summary>
    Parameter,
}

internal enum ActivationKind
{
    Sigmoid,
    Tanh,
    Softmax,
    LogSoftmax,
    LogSigmoid,
    Relu,
    Relu6,
    LeakyRelu,
    PRelu,
    RRelu,
    Elu,
    Celu,
    Selu,
    Gelu,
    Silu,
    Mish,
    Softplus,
    Softsign,
    Hardsigmoid,
    Hardtanh,
    Hardswish,
    Glu,
    Threshold,
}

internal enum NormalizationKind
{
    Batch,
    Layer,
    Group,
    Instance,
    Rms,
    LocalResponse,
}

internal enum PoolingKind
{
    Max,
    Average,
    AdaptiveMax,
    AdaptiveAverage,
    LpNorm,
}

/// <summary>Element-wise functions that are not activations.</summary>
internal enum ElementwiseKind
{
    Negate,
    Exp,
    Log,
    Sqrt,
    Rsqrt,
    Square,
    Power,
    Abs,
    Reciprocal,
    Clamp,
    Sin,
    Cos,
    Erf,
    Sign,
    Round,

    /// <summary>What is left after a division; its derivative is 1.</summary>
    Remainder,
    Compare,
    Normalize,
}

internal enum ReductionKind
{
    Sum,
    Mean,
    Max,
    Min,
    Norm,
    Product,
    LogSumExp,
    Variance,
    Std,
}

internal enum LossKind
{
    CrossEntropy,
    NegativeLogLikelihood,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    MeanSquaredError,
    L1,
    SmoothL1,
    Huber,
    KlDivergence,
    Other,
}

/// <summary>Where and how the gradient is cut off.</summary>
internal enum GradientCutKind
{
    Detach,
    Item,
    Argmax,
    Round,
    NewTensor,
    NoGrad,
}
