using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>
/// GG1006: a hidden layer whose weights start at zero. It cannot learn where the weights behind it are zero too, or where it leaves a ReLU at exactly
/// zero; between random neighbours it can, and that is a suggestion. Output layers, residual tails and gates may start at zero.
/// </summary>
internal sealed class GG1006ZeroWeights() : ModelRule(InitializationDescriptors.ZeroWeights)
{
    public override void Check(ModelContext model)
    {
        var zeroed = model.Graph.Layers
            .Where(layer => layer.OutFeatures != 1 && IsZero(layer.Weight))
            .Select(layer => (Layer: layer, Use: model.Graph.UseOf(layer)))
            .Where(found => found.Use is not null)
            .Select(found => (found.Layer, Following: Downstream.Of(model.Graph, found.Use!), Behind: HiddenBehind.Of(model.Graph, found.Use!)))
            .Where(found => found.Behind is not null)
            .GroupBy(found => found.Layer.Weight.Location);
        foreach (var found in zeroed.Select(group => group.OrderByDescending(found => IsStuck(found.Layer, found.Following, found.Behind!)).First()))
            Report(model, found.Layer, found.Following, found.Behind!);
    }

    private static void Report(ModelContext model, Layer layer, Downstream following, HiddenBehind behind)
    {
        var advice = InitializerAdvice.For(layer, following).Initializer;
        var consequence = behind.Layers.All(next => IsZero(next.Weight))
            ? $"so do those of {Describe.Layer(behind.Layers[0])} behind it, and no gradient reaches it"
            : IsAtTheEdge(layer, following)
                ? "without a bias all its units sit at exactly zero, where ReLU passes no gradient"
                : "its units tell the layers behind it nothing about the input until those have taught them";
        model.Report(new(InitializationDescriptors.ZeroWeights, layer.Weight.Location, Describe.Layer(layer), consequence, advice)
        {
            Severity = IsStuck(layer, following, behind) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
            AdditionalLocations = [.. behind.Layers.Select(next => next.Weight).Where(IsZero).Select(weight => weight.Location)],
            Properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Initializer, advice),
        });
    }

    private static bool IsStuck(Layer layer, Downstream following, HiddenBehind behind) =>
        behind.Layers.All(next => IsZero(next.Weight)) || IsAtTheEdge(layer, following);

    /// <summary>ReLU's derivative at 0 is 0 in libtorch; written by hand, maximum and clamp let a part pass.</summary>
    private static bool IsAtTheEdge(Layer layer, Downstream following) =>
        layer.Kind is not LayerKind.Parameter
        && following.Activation is { Kind: ActivationKind.Relu or ActivationKind.Relu6, IsHandWritten: false }
        && (!layer.HasBias || (layer.Bias is { } bias && IsZero(bias)));

    private static bool IsZero(Graph.Initialization weights) => weights is { IsDefault: false, Distribution: WeightDistribution.Constant { Value: 0 } };
}
