using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>GG2005: ReLU between the last layer and the loss.</summary>
internal sealed class GG2005ReluBeforeLoss() : ModelRule(SaturationDescriptors.ReluBeforeLoss)
{
    public override void Check(ModelContext model)
    {
        foreach (var loss in model.Graph.Nodes.OfType<LossNode>())
        {
            if (ActivationBefore(loss.Prediction) is { Kind: ActivationKind.Relu } relu && IsOfLayer(relu.Input) && !IsFeature(loss))
                Check(model, loss, relu);
        }
    }

    /// <summary>Logits need both signs; a quantity to regress may be meant to be positive, so there it is a suggestion.</summary>
    private static void Check(ModelContext model, LossNode loss, ActivationNode relu)
    {
        if (!IsOfLogits(loss.Kind) && !IsRegression(loss.Kind))
            return;
        model.Report(new(
            SaturationDescriptors.ReluBeforeLoss,
            relu.Location,
            IsOfLogits(loss.Kind) ? "a loss of logits, which need both signs" : "a regression loss",
            IsOfLogits(loss.Kind) ? "give the loss the layer's own result" : "give the loss the layer's own result, or softplus of it where targets are positive")
        {
            Severity = IsOfLogits(loss.Kind) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
            AdditionalLocations = ImmutableArray.Create(loss.Location),
        });
    }

    private static bool IsOfLogits(LossKind kind) => kind is LossKind.CrossEntropy or LossKind.BinaryCrossEntropyWithLogits;

    private static bool IsRegression(LossKind kind) => kind is LossKind.MeanSquaredError or LossKind.L1 or LossKind.SmoothL1 or LossKind.Huber;

    /// <summary>Activations compared with activations: a perceptual or distillation loss, whose target is never negative either.</summary>
    private static bool IsFeature(LossNode loss) => loss.Inputs.Skip(1).Any(target => ActivationBefore(target) is not null);

    private static ActivationNode? ActivationBefore(GraphNode node) => node switch
    {
        ActivationNode activation => activation,
        ReshapeNode or GradientCutNode => ActivationBefore(node.Input),
        _ => null,
    };

    private static bool IsOfLayer(GraphNode node) => node switch
    {
        AffineNode => true,
        ProductNode product => product.Weights.Any(),
        ReshapeNode => IsOfLayer(node.Input),
        AddNode => node.Inputs.Any(input => input is TensorNode) && node.Inputs.Any(IsOfLayer),
        _ => false,
    };
}
