using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5003: a loss that expects log-probabilities or probabilities and gets neither.</summary>
internal sealed class GG5003RawLogits() : LossRule(LossDescriptors.RawLogits)
{
    public override void Check(ModelContext model)
    {
        foreach (var loss in model.Graph.Nodes.OfType<LossNode>())
        {
            if (Mistake(loss.Kind, LossInput.Sources(loss.Prediction)) is { } mistake)
            {
                model.Report(new(LossDescriptors.RawLogits, loss.Location, LossInput.Name(loss.Kind), mistake.Expected, mistake.Got, mistake.Consequence)
                {
                    AdditionalLocations = ImmutableArray.Create(LossInput.Sources(loss.Prediction)[0].Location),
                });
            }
        }
    }

    private static (string Expected, string Got, string Consequence)? Mistake(LossKind loss, IReadOnlyList<GraphNode> sources) => loss switch
    {
        LossKind.NegativeLogLikelihood when sources.All(LossInput.IsUnbounded) =>
            ("log-probabilities", "raw logits", "the loss has no lower bound and falls as the logits grow; apply log_softmax or use cross_entropy"),
        LossKind.NegativeLogLikelihood when sources.All(source => source is ActivationNode { Kind: ActivationKind.Softmax }) =>
            ("log-probabilities", "probabilities", "a sure and wrong prediction hardly has a gradient; use log_softmax in place of softmax"),
        LossKind.BinaryCrossEntropy when sources.All(source => LossInput.IsUnbounded(source) || source is ActivationNode { Kind: ActivationKind.Tanh }) =>
            ("probabilities", "values outside 0 and 1", "it throws at the first one; use binary_cross_entropy_with_logits on the logits"),
        _ => null,
    };
}
