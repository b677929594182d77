using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Rules.Loss;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>GG2004: a sigmoid or softmax spelled out over <c>exp</c>, which overflows where the library's does not.</summary>
internal sealed class GG2004HandWrittenActivation() : ModelRule(SaturationDescriptors.HandWrittenActivation)
{
    public override void Check(ModelContext model)
    {
        foreach (var activation in model.Graph.Nodes.OfType<ActivationNode>())
        {
            if (activation is { MayOverflow: true, Kind: ActivationKind.Sigmoid or ActivationKind.Softmax }
                && !IsShifted(activation.Input)
                && UnscaledProduct.Before(model, activation) is null
                && !IsJudgedAtTheLoss(model.Graph, activation))
            {
                var name = Describe.Activation(activation.Kind);
                model.Report(new(SaturationDescriptors.HandWrittenActivation, activation.Location, name, $"torch.{name}"));
            }
        }
    }

    /// <summary>In front of a loss that applies its own, or has a twin that does, the activation is to go altogether: GG5001 and GG5002.</summary>
    private static bool IsJudgedAtTheLoss(ModelGraph graph, ActivationNode activation) => graph.Nodes.OfType<LossNode>().Any(loss => loss.Kind switch
    {
        LossKind.CrossEntropy or LossKind.BinaryCrossEntropyWithLogits => LossInput.Activations(loss.Prediction, ActivationKind.Softmax, ActivationKind.Sigmoid).Contains(activation),
        LossKind.BinaryCrossEntropy => LossInput.Activations(loss.Prediction, ActivationKind.Sigmoid).Contains(activation),
        _ => false,
    });

    /// <summary>A difference: the maximum, or what stands in for it, was taken off first.</summary>
    private static bool IsShifted(GraphNode node) =>
        node is AddNode { IsDifference: true } || (node is ReshapeNode && IsShifted(node.Input));
}
