using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>Non-linearities.</summary>
internal static class ActivationPropagation
{
    public static ForwardSignal Through(ActivationNode node, ForwardSignal input)
    {
        if (node.Kind is ActivationKind.Softmax or ActivationKind.LogSoftmax)
            return SoftmaxPropagation.Through(node, input);
        if (node.Kind is ActivationKind.Glu)
            return GluPropagation.Through(node, input, ActivationFunction.Of(ActivationKind.Sigmoid, null)!);
        return ActivationFunction.Of(node.Kind, node.Parameter) is { } function
            ? PointwisePropagation.Through(node, input, function.Evaluate, function.Breakpoints)
            : ForwardSignal.Unknown(node, $"{node.Kind} with a parameter not known at compile time");
    }
}
