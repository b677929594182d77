using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>Non-linearities.</summary>
internal static class ActivationPropagation
{
    public static ForwardSignal Through(ActivationNode node, ForwardSignal input)
    {
        if (input.Value is null)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        return ActivationFunction.Of(node.Kind, node.Parameter) is { } function
            ? PointwisePropagation.Through(node, input, function)
            : ForwardSignal.Unknown(node, $"{node.Kind} has no closed form here");
    }
}
