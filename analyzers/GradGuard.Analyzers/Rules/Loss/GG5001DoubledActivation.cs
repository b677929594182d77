using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5001: a softmax or sigmoid in front of a loss that applies its own.</summary>
internal sealed class GG5001DoubledActivation() : LossRule(LossDescriptors.DoubledActivation)
{
    public override void Check(ModelContext model)
    {
        foreach (var loss in model.Graph.Nodes.OfType<LossNode>().Where(loss => loss.Kind is LossKind.CrossEntropy or LossKind.BinaryCrossEntropyWithLogits))
        {
            foreach (var activation in LossInput.Activations(loss.Prediction, ActivationKind.Softmax, ActivationKind.Sigmoid))
                Report(model, loss, activation, DiagnosticSeverity.Warning, Consequence(loss.Kind, activation));
            if (loss.Kind is LossKind.CrossEntropy)
                foreach (var activation in LossInput.Activations(loss.Prediction, ActivationKind.LogSoftmax))
                    Report(model, loss, activation, DiagnosticSeverity.Info, "a second one changes nothing and costs a pass");
        }
    }

    private static void Report(ModelContext model, LossNode loss, ActivationNode activation, DiagnosticSeverity severity, string consequence) =>
        model.Report(new(
            LossDescriptors.DoubledActivation,
            activation.Creation ?? activation.Location,
            Describe.Activation(activation.Kind),
            LossInput.Name(loss.Kind),
            loss.Kind is LossKind.CrossEntropy ? "log-softmax" : "sigmoid",
            consequence)
        {
            Severity = severity,
            AdditionalLocations = ImmutableArray.Create(loss.Location),
            Properties = FixProperties.OfCreation(activation.Creation),
        });

    /// <summary>
    /// Logits within [0, 1] cannot tell K classes further apart than e : 1, which leaves the right one a probability of at most e/(e + K − 1); of
    /// two classes told apart by one logit the negative one keeps σ(0) = ½.
    /// </summary>
    private static string Consequence(LossKind loss, ActivationNode activation)
    {
        if (loss is not LossKind.CrossEntropy)
            return "its logits stay within 0 and 1, so that no sample is ever given less than 50% and the loss of a negative one stays above 0.69";
        return activation.Shape[(int)(activation.Dimension ?? -1)] is { } classes and > 1
            ? $"over {classes} classes the right one gets {Describe.Share(Math.E / (Math.E + classes - 1))} at most and the loss stays above "
                + Describe.Number(Math.Log(1 + ((classes - 1) / Math.E)))
            : "its logits stay within 0 and 1, so that a sure and right prediction still has a large loss and the gradient fades";
    }
}
