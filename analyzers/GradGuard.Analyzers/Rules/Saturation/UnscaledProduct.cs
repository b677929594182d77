using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>A matrix product written by hand that goes into a saturating activation with nothing that scales it by its width.</summary>
/// <param name="Product">The product.</param>
/// <param name="Widest">The operand to blame: of those whose first values are known the one with the largest spread.</param>
/// <param name="SaturatedShare">The predicted share of saturated values; null where no operand's first values are known.</param>
internal sealed record UnscaledProduct(ProductNode Product, Layer? Widest, double? SaturatedShare)
{
    /// <summary>The product before <paramref name="activation"/>; null where there is none or where it is known to saturate little.</summary>
    public static UnscaledProduct? Before(ModelContext model, ActivationNode activation)
    {
        if (activation.Kind is not (ActivationKind.Sigmoid or ActivationKind.Tanh or ActivationKind.Softmax)
            || Behind(activation.Input) is not { ReadsCarriedState: false } product
            || (product.IsBetweenActivations && activation.Kind is ActivationKind.Softmax))
            return null;
        var widest = WidestOf(product);
        var share = widest is not null ? model.Signal[activation].SaturatedShare : null;
        return share <= model.Read(CommonOptions.MaxSaturatedShare, activation.Location) ? null : new(product, widest, share);
    }

    /// <summary>The product below, past reshapes, biases and factors that do not shrink it; null where a number unknown here may scale it.</summary>
    public static ProductNode? Behind(GraphNode node) => node switch
    {
        ProductNode product => product,
        ReshapeNode or DropoutNode => Behind(node.Input),
        ScaleNode { Factor: { } factor } when Math.Abs(factor) >= 1 => Behind(node.Input),
        AddNode => Behind(node.Inputs[0]) ?? Behind(node.Inputs[1]),
        BranchNode when node.Inputs.Select(Behind).Distinct().ToArray() is [{ } product] => product,
        _ => null,
    };

    private static Layer? WidestOf(ProductNode product) => product.Weights
        .Select(weight => (weight.Layer, Spread: WeightMoments.Of(weight.Layer.Weight.Distribution, product.InnerWidth, fanOut: null)))
        .Where(weight => weight.Spread is not null)
        .OrderByDescending(weight => weight.Spread!.Value.Std)
        .FirstOrDefault().Layer;
}
