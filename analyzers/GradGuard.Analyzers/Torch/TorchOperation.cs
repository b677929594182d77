namespace GradGuard.Analyzers.Torch;

/// <summary>What a call into TorchSharp does, or what calling one of its modules does. The tables in this folder give one to each name.</summary>
internal abstract record TorchOperation
{
    private TorchOperation()
    {
    }

    /// <summary>A layer with weights of its own.</summary>
    public sealed record Layer(LayerKind Kind) : TorchOperation;

    /// <summary>A non-linearity; <paramref name="Argument"/> names the argument that holds its slope, alpha or beta.</summary>
    public sealed record Activation(ActivationKind Kind, string? Argument = null) : TorchOperation;

    public sealed record Normalization(NormalizationKind Kind) : TorchOperation;

    public sealed record Pooling(PoolingKind Kind) : TorchOperation;

    public sealed record Dropout : TorchOperation;

    /// <summary><c>scaled_dot_product_attention</c>, which divides by √d itself.</summary>
    public sealed record Attention : TorchOperation;

    public sealed record Container(ContainerKind Kind) : TorchOperation;

    public sealed record Loss(LossKind Kind) : TorchOperation;

    public sealed record Elementwise(ElementwiseKind Kind) : TorchOperation;

    public sealed record Arithmetic(ArithmeticKind Kind) : TorchOperation;

    public sealed record Product(ProductKind Kind) : TorchOperation;

    public sealed record Reduction(ReductionKind Kind) : TorchOperation;

    public sealed record Reshape(ReshapeKind Kind) : TorchOperation;

    /// <summary>Several tensors into one: <c>cat</c>, or <c>stack</c> along a new dimension.</summary>
    public sealed record Join(bool IsStack) : TorchOperation;

    /// <summary>One tensor into several: <c>chunk</c>, <c>split</c>, <c>unbind</c>.</summary>
    public sealed record Split : TorchOperation;

    public sealed record Select(SelectKind Kind) : TorchOperation;

    public sealed record Creation(CreationKind Kind) : TorchOperation;

    public sealed record Initializer(InitializerKind Kind) : TorchOperation;

    public sealed record GradientCut(GradientCutKind Kind) : TorchOperation;

    /// <summary>The value itself: <c>contiguous</c>, <c>clone</c>, <c>to</c>, <c>DetachFromDisposeScope</c>.</summary>
    public sealed record Identity : TorchOperation;

    /// <summary>Tensor in, <c>Parameter</c> out.</summary>
    public sealed record Parameter : TorchOperation;
}
