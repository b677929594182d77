using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5008: a softmax over a dimension of extent one, where that extent is known.</summary>
internal sealed class GG5008SoftmaxOverOneUnit() : ModelRule(LossDescriptors.SoftmaxOverOneUnit)
{
    public override void Check(ModelContext model)
    {
        foreach (var activation in model.Graph.Nodes.OfType<ActivationNode>())
        {
            if (activation is { Kind: ActivationKind.Softmax or ActivationKind.LogSoftmax, Dimension: { } dimension } && IsOne(activation.Input, dimension))
            {
                model.Report(new(
                    LossDescriptors.SoftmaxOverOneUnit,
                    activation.Creation ?? activation.Location,
                    Describe.Activation(activation.Kind),
                    activation.Kind is ActivationKind.Softmax ? "1" : "0")
                {
                    Properties = FixProperties.OfCreation(activation.Creation),
                });
            }
        }
    }

    /// <summary>A Linear of one unit has that extent last, whatever the rank of its input.</summary>
    private static bool IsOne(GraphNode input, long dimension) => input.Shape.Rank is not null
        ? input.Shape[(int)dimension] == 1
        : dimension == -1 && input is AffineNode { Layer: { Kind: LayerKind.Linear, OutFeatures: 1 } };
}
