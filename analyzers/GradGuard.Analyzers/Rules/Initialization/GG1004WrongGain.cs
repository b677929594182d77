using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>
/// GG1004: weights drawn as for a linear layer in front of a rectifier, which passes half of the signal's square, in a stack so deep that this adds
/// up. The other way round no fault is predicted: Kaiming weights keep more of the gradient before tanh and sigmoid than Xavier ones do.
/// </summary>
internal sealed class GG1004WrongGain() : StarvingWeightsRule(InitializationDescriptors.WrongGain)
{
    /// <summary>A spread above this share of the advised one fits: Xavier weights between layers of different width come near.</summary>
    private const double FittingShare = 0.9;

    protected override bool IsTooSmall(StackedLayer layer) =>
        layer.Layer.Weight.Distribution is WeightDistribution.Xavier or WeightDistribution.Kaiming or WeightDistribution.Orthogonal
        && layer.Advice.IsForRectifiers
        && layer.Shortfall < FittingShare;

    protected override string Describes(StackedLayer layer) =>
        $"{layer.Layer.Weight.Initializer} draws weights of std {Describe.Number(layer.Std!.Value)} before {Describe.Activation(layer.Following.Activation!.Kind)}, which";
}
