using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>A random tensor behind transposes and plain factors: <c>W.t() * 0.5</c>.</summary>
internal readonly record struct ScaledTensor(TensorNode Tensor, double Factor)
{
    public WeightDistribution Law => Factor == 1 ? Tensor.Layer.Weight.Distribution : new WeightDistribution.Scaled(Tensor.Layer.Weight.Distribution, Factor);

    /// <summary>The tensor that an operand is made of; null for anything else.</summary>
    public static ScaledTensor? Of(GraphNode operand) => operand switch
    {
        TensorNode tensor => new(tensor, 1),
        ReshapeNode { IsSlice: false } reshape => Of(reshape.Input),
        ScaleNode { Factor: { } factor, Offset: 0 } scale => Of(scale.Input) is { } inner ? inner with { Factor = inner.Factor * factor } : null,
        _ => null,
    };
}
