using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5004: the logarithm of a softmax or sigmoid that has already lost its small values. One written by hand is GG2004's.</summary>
internal sealed class GG5004LogOfActivation() : LossRule(LossDescriptors.LogOfActivation)
{
    public override void Check(ModelContext model)
    {
        foreach (var logarithm in model.Graph.Nodes.OfType<ElementwiseNode>().Where(node => node.Kind is ElementwiseKind.Log))
        {
            if (LossInput.Activations(logarithm.Input, ActivationKind.Softmax, ActivationKind.Sigmoid) is not [{ IsHandWritten: false } activation])
                continue;
            var (largest, replacement) = activation.Kind is ActivationKind.Softmax ? ("the largest", "log_softmax") : ("zero", "logsigmoid");
            model.Report(new(LossDescriptors.LogOfActivation, logarithm.Location, Describe.Activation(activation.Kind), largest, replacement)
            {
                AdditionalLocations = ImmutableArray.Create(activation.Creation ?? activation.Location),
                Properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Function, replacement),
            });
        }
    }
}
