using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>
/// GG1003: random weights so small for their fan-in that hidden layers hand back next to nothing of the gradient. Laws that scale with the fan by
/// themselves are GG1004's.
/// </summary>
internal sealed class GG1003SpreadTooSmall() : StarvingWeightsRule(InitializationDescriptors.SpreadTooSmall)
{
    /// <summary>A spread below this share of the advised one counts as too small; the library's own default is at 0.41 to 0.58 of it.</summary>
    private const double SmallShare = 0.4;

    protected override bool IsTooSmall(StackedLayer layer) =>
        layer.Layer.Weight.Distribution is not (WeightDistribution.Xavier or WeightDistribution.Kaiming or WeightDistribution.Orthogonal)
        && layer.Shortfall < SmallShare;

    protected override string Describes(StackedLayer layer) =>
        $"Weights of std {Describe.Number(layer.Std!.Value)} over fan-in {Describe.Number(layer.Layer.FanIn!.Value)}";
}
