using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>Element-wise functions that are not activations.</summary>
internal static class ElementwisePropagation
{
    public static ForwardSignal Through(ElementwiseNode node, ForwardSignal input)
    {
        if (FunctionOf(node) is not { } function)
            return ForwardSignal.Unknown(node, $"{node.Kind} has no closed form here");
        if (HasPole(node) && !input.Function.KeepsSign(input.OriginValue))
            return ForwardSignal.Unknown(node, "division by values that pass zero");
        return PointwisePropagation.Through(node, input, function, Breakpoints(node));
    }

    private static bool HasPole(ElementwiseNode node) =>
        node.Kind is ElementwiseKind.Reciprocal or ElementwiseKind.Rsqrt or ElementwiseKind.Log || (node.Kind is ElementwiseKind.Power && node.Low < 0);

    private static Func<double, Dual>? FunctionOf(ElementwiseNode node) => node.Kind switch
    {
        ElementwiseKind.Negate => x => new(-x, -1),
        ElementwiseKind.Exp => x => new(Math.Exp(x), Math.Exp(x)),
        ElementwiseKind.Log => x => new(Math.Log(x), 1 / x),
        ElementwiseKind.Sqrt => x => new(Math.Sqrt(x), 0.5 / Math.Sqrt(x)),
        ElementwiseKind.Rsqrt => x => new(1 / Math.Sqrt(x), -0.5 / (x * Math.Sqrt(x))),
        ElementwiseKind.Square => x => new(x * x, 2 * x),
        ElementwiseKind.Power when node.Low is { } exponent => x => new(Math.Pow(x, exponent), exponent * Math.Pow(x, exponent - 1)),
        ElementwiseKind.Abs => x => new(Math.Abs(x), x > 0 ? 1 : x < 0 ? -1 : 0),
        ElementwiseKind.Reciprocal => x => new(1 / x, -1 / (x * x)),
        ElementwiseKind.Clamp when node.Low is { } low && node.High is { } high => x => x <= low ? new(low, 0) : x >= high ? new(high, 0) : new(x, 1),
        ElementwiseKind.Sin => x => new(Math.Sin(x), Math.Cos(x)),
        ElementwiseKind.Cos => x => new(Math.Cos(x), -Math.Sin(x)),
        ElementwiseKind.Erf => x => new((2 * NormalDistribution.Cdf(x * Math.Sqrt(2))) - 1, 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x)),
        ElementwiseKind.Sign => x => new(Math.Sign(x), 0),
        ElementwiseKind.Compare when node.Low is { } threshold => x => new(x > threshold ? 1 : 0, 0),
        _ => null,
    };

    private static double[] Breakpoints(ElementwiseNode node) => node.Kind switch
    {
        ElementwiseKind.Clamp => [node.Low!.Value, node.High!.Value],
        ElementwiseKind.Compare => [node.Low!.Value],
        _ => [-4, -1, 0, 1, 4],
    };
}
