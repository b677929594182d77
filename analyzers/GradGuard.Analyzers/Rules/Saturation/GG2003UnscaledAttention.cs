using System.Collections.Immutable;
using System.Globalization;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>GG2003: scores of projected queries and keys that reach their softmax without the factor 1/√d.</summary>
internal sealed class GG2003UnscaledAttention() : ModelRule(SaturationDescriptors.UnscaledAttention)
{
    /// <summary>
    /// Predicted std σ of the scores from which the finding is a Warning. A softmax over n Gaussian scores spreads over about n·exp(−σ²) of them,
    /// by (Σeˢ)²/Σe²ˢ: at 2 over less than 2% of the keys. Scaled scores of the library's default start near 1/3.
    /// </summary>
    public static readonly RuleOption MaxScoreStd = new("max_score_std", 2);

    public override void Check(ModelContext model)
    {
        foreach (var softmax in model.Graph.Nodes.OfType<ActivationNode>().Where(node => node.Kind is ActivationKind.Softmax))
        {
            if (UnscaledProduct.Behind(softmax.Input) is { IsBetweenActivations: true } scores && IsProjection(scores.Left) && IsProjection(scores.Right))
                Check(model, softmax, scores);
        }
    }

    private static void Check(ModelContext model, ActivationNode softmax, ProductNode scores)
    {
        var std = model.Signal[scores].Value?.Std;
        if (std <= 1)
            return;
        model.Report(new(
            SaturationDescriptors.UnscaledAttention,
            scores.Location,
            scores.InnerWidth is { } width ? Describe.Number(width) : "d",
            std is { } known ? $"they start with std {Describe.Number(known)}" : "their std grows with √d")
        {
            Severity = std > model.Read(MaxScoreStd, scores.Location) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
            AdditionalLocations = ImmutableArray.Create(scores.Location, softmax.Location),
            Properties = scores.InnerWidth is { } inner
                ? ImmutableDictionary<string, string?>.Empty.Add(FixProperties.FanIn, inner.ToString(CultureInfo.InvariantCulture))
                : ImmutableDictionary<string, string?>.Empty,
        });
    }

    /// <summary>The result of a layer as it is, split into heads at most: what scales, normalizes or squashes it may stand in for 1/√d.</summary>
    private static bool IsProjection(GraphNode node) => node switch
    {
        AffineNode { Layer.Kind: LayerKind.Linear or LayerKind.Convolution } => true,
        ProductNode { IsBetweenActivations: false } => true,
        ReshapeNode or DropoutNode => IsProjection(node.Input),
        AddNode => node.Inputs.Any(input => input is TensorNode) && node.Inputs.Any(IsProjection),
        _ => false,
    };
}
