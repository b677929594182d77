using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Dropout in training: each value times an independent mask of mean 1 and mean square 1/(1 − p). Only the moment of a value with itself
/// grows (Schoenholz et al. 2017, section 5).
/// </summary>
internal static class DropoutPropagation
{
    public static ForwardSignal Through(DropoutNode node, ForwardSignal input)
    {
        if (input.Value is not { } value)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        if (node.Probability is not { } probability || probability is < 0 or > 1)
            return ForwardSignal.Unknown(node, "dropout of unknown probability");
        if (probability == 1)
            return ForwardSignal.Known(node, default, isGaussian: false, new GradientEdge(node.Input, _ => default(Moments)));

        var mask = 1 / (1 - probability);
        return ForwardSignal
            .Known(
                node,
                value with { Square = value.Square * mask },
                isGaussian: false,
                new GradientEdge(node.Input, gradient => gradient with { Square = gradient.Square * mask }))
            .With(Concentration.Sum(input.Concentration, value.WithinUnitVariance, default, value.Square * (mask - 1)));
    }
}
