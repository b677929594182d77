using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>GG1001: a weight matrix filled with one non-zero constant. Zero weights are GG1006's.</summary>
internal sealed class GG1001ConstantWeights() : ModelRule(InitializationDescriptors.ConstantWeights)
{
    public override void Check(ModelContext model)
    {
        foreach (var layer in model.Graph.Layers.Where(layer => HasSymmetricUnits(model.Graph, layer)))
        {
            var following = model.Graph.UseOf(layer) is { } use ? Downstream.Of(model.Graph, use) : null;
            Check(model, layer, layer.Weight, InitializerAdvice.For(layer, following).Initializer);
            Check(model, layer, layer.RecurrentWeight, "orthogonal_");
        }
    }

    private static void Check(ModelContext model, Layer layer, Graph.Initialization? weights, string initializer)
    {
        if (weights is not { IsDefault: false } || ConstantOf(weights.Distribution) is not { } value || value == 0)
            return;
        model.Report(new(
            InitializationDescriptors.ConstantWeights, weights.Location, Describe.Layer(layer), Describe.Number(value), initializer)
        {
            Properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Initializer, initializer),
        });
    }

    /// <summary>A single unit has no twin to be alike; a parameter that no product reads is a scale, not a weight matrix.</summary>
    private static bool HasSymmetricUnits(ModelGraph graph, Layer layer) =>
        layer.OutFeatures != 1
        && layer.Kind is not (LayerKind.Normalization or LayerKind.Embedding)
        && (layer.Kind is not LayerKind.Parameter || graph.UseOf(layer) is not null);

    private static double? ConstantOf(WeightDistribution distribution) => distribution switch
    {
        WeightDistribution.Constant constant => constant.Value,
        WeightDistribution.Scaled scaled => ConstantOf(scaled.Inner) * scaled.Factor,
        _ => null,
    };
}
