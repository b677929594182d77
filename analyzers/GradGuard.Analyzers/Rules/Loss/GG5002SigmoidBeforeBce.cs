using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5002: sigmoid and binary cross-entropy apart, where one function does both without overflow.</summary>
internal sealed class GG5002SigmoidBeforeBce() : LossRule(LossDescriptors.SigmoidBeforeBce)
{
    public override void Check(ModelContext model)
    {
        foreach (var loss in model.Graph.Nodes.OfType<LossNode>().Where(loss => loss.Kind is LossKind.BinaryCrossEntropy))
        {
            var sigmoids = LossInput.Activations(loss.Prediction, ActivationKind.Sigmoid);
            if (sigmoids.Count > 0)
            {
                model.Report(new(LossDescriptors.SigmoidBeforeBce, loss.Location)
                {
                    AdditionalLocations = [.. sigmoids.Select(sigmoid => sigmoid.Creation ?? sigmoid.Location)],
                });
            }
        }
    }
}
