using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>Gated linear unit a·sigmoid(b) on the two halves of the units (Dauphin et al. 2017), the halves independent.</summary>
internal static class GluPropagation
{
    public static ForwardSignal Through(ActivationNode node, ForwardSignal input, ActivationFunction sigmoid)
    {
        if (input.Value is not { } x)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        var gate = GaussianTransform.Of(PointwiseFunction.Identity.Then(sigmoid.Evaluate, sigmoid.Breakpoints), x);
        return ForwardSignal.Known(node, x.Times(gate.Result), isGaussian: false, new GradientEdge(node.Input, Backward));

        // One half of the units sees the gradient times the gate, the other times the gate's slope and the gated value.
        Moments? Backward(Moments gradient) =>
            gradient.Times(gate.Result).Plus(gate.Backward(gradient.Times(x))).Amplify(0.5);
    }
}
