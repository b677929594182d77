using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// <c>scaled_dot_product_attention</c> and <c>MultiheadAttention</c>. The latter draws its three input matrices as one of [3E, E] by Xavier's law, its output
/// matrix like a Linear, and starts both biases at zero (libtorch's <c>MultiheadAttentionImpl::_reset_parameters</c>; TorchSharp adds nothing).
/// </summary>
internal static class AttentionPropagation
{
    public static ForwardSignal Through(AttentionNode node, ForwardSignal[] inputs)
    {
        if (inputs.FirstOrDefault(input => input.Value is null) is { } missing)
            return ForwardSignal.Unknown(node, missing.UnknownBecause);
        if (node.IsMasked)
            return ForwardSignal.Unknown(node, "attention under a mask");
        if (inputs.Length < 3)
            return ForwardSignal.Unknown(node, "attention over values that are not known");
        return node.Layer is { } layer ? OverHeads(node, layer, inputs) : Plain(node, inputs);
    }

    private static ForwardSignal Plain(AttentionNode node, ForwardSignal[] inputs)
    {
        if (inputs[0].Origin == inputs[1].Origin)
            return ForwardSignal.Unknown(node, "queries and keys of one value");
        if (Core(node, inputs.Select(input => input.Value!.Value).ToArray(), -2, 0) is not { } core)
            return ForwardSignal.Unknown(node, "sequence of unknown length");
        return ForwardSignal.Known(
            node,
            core.Result,
            isGaussian: false,
            new(node.Inputs[0], gradient => core.Backward(gradient).Query),
            new(node.Inputs[1], gradient => core.Backward(gradient).Key),
            new(node.Inputs[2], gradient => core.Backward(gradient).Value));
    }

    private static ForwardSignal OverHeads(AttentionNode node, Layer layer, ForwardSignal[] inputs)
    {
        if (layer.Kind is not LayerKind.Attention)
            return ForwardSignal.Unknown(node, $"{layer.Kind} has no closed form here");
        if (layer.InFeatures is not { } width || layer.Dropout is not { } dropout || dropout is < 0 or >= 1)
            return ForwardSignal.Unknown(node, "attention of unknown width or dropout");
        if (!layer.Weight.IsDefault || WeightMoments.Of(layer.Weight.Distribution, width, 3 * width) is not { } projection)
            return ForwardSignal.Unknown(node, "attention with weights of unknown values");

        var into = Square(width, projection);
        var outOf = Square(width, WeightMoments.Of(new WeightDistribution.FanInUniform(1), width, width)!.Value);
        var projected = inputs.Select(input => into.Forward(input.Value!.Value)!.Value).ToArray();
        if (Core(node, projected, 0, dropout) is not { } core || outOf.Forward(core.Result) is not { } value)
            return ForwardSignal.Unknown(node, "sequence of unknown length");
        return ForwardSignal.Known(
            node,
            value,
            isGaussian: true,
            new(node.Inputs[0], gradient => into.Backward(Through(gradient).Query)),
            new(node.Inputs[1], gradient => into.Backward(Through(gradient).Key)),
            new(node.Inputs[2], gradient => into.Backward(Through(gradient).Value)));

        (Moments Query, Moments Key, Moments Value) Through(Moments gradient) => core.Backward(outOf.Backward(gradient)!.Value);
    }

    /// <summary>Null where the sequences' lengths, at <paramref name="dimension"/> of queries and keys, are not known.</summary>
    private static AttentionCore? Core(AttentionNode node, Moments[] moments, int dimension, double dropout) =>
        node.Inputs[0].Shape[dimension] is > 0 and var queries && node.Inputs[1].Shape[dimension] is > 0 and var keys
            ? new(moments[0], moments[1], moments[2], queries, keys, dropout)
            : null;

    private static AffineMap Square(double width, WeightMoments weight) => new()
    {
        Gain = width * weight.Variance,
        BackwardGain = width * weight.Variance,
        Inputs = width,
        Outputs = width,
    };
}
