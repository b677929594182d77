using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>Element-wise operations: they extend the chain of functions that starts at the last Gaussian value.</summary>
internal static class PointwisePropagation
{
    public static ForwardSignal Through(GraphNode node, ForwardSignal input, Func<double, Dual> function, IReadOnlyList<double> breakpoints) =>
        input.Value is null
            ? ForwardSignal.Unknown(node, input.UnknownBecause)
            : Extend(node, input, input.Function.Then(function, breakpoints));

    public static ForwardSignal Through(ScaleNode node, ForwardSignal input)
    {
        if (input.Value is null)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        if (node.Factor is not { } factor || node.Offset is not { } offset)
            return ForwardSignal.Unknown(node, "scaled by a number not known at compile time");
        return Extend(node, input, input.Function.Scale(factor, offset)) with { IsGaussian = input.IsGaussian };
    }

    /// <summary>The same values in another shape.</summary>
    public static ForwardSignal Same(GraphNode node, ForwardSignal input) => Extend(node, input, input.Function) with { IsGaussian = input.IsGaussian };

    /// <summary>Two chains that start at the same value, joined element by element.</summary>
    public static ForwardSignal Join(GraphNode node, ForwardSignal left, ForwardSignal right, Func<Dual, Dual, Dual> join) =>
        Extend(node, left, left.Function.Join(right.Function, join), right);

    /// <summary>True when both values are functions of one value, so that they can be joined exactly.</summary>
    public static bool CanJoin(ForwardSignal left, ForwardSignal right) =>
        left.Value is not null && right.Value is not null && left.Origin == right.Origin
        && left.OriginValue == right.OriginValue && left.OriginDensity == right.OriginDensity;

    private static ForwardSignal Extend(GraphNode node, ForwardSignal input, PointwiseFunction function, ForwardSignal? second = null)
    {
        var transform = GaussianTransform.Of(function, input.OriginValue);
        if (!transform.Result.IsFinite)
            return ForwardSignal.Unknown(node, "the value overflows");

        var density = input.OriginDensity;
        var gain = transform.SlopeSquare * density;
        var edges = ImmutableArray.CreateBuilder<GradientEdge>();
        edges.Add(new(input.Origin, gradient => transform.Backward(gradient).Amplify(density), GradientPath.ToOrigin));
        AddObserved(node.Inputs[0], input);
        if (second is not null && node.Inputs[1] != node.Inputs[0])
            AddObserved(node.Inputs[1], second);
        return input with
        {
            Value = transform.Result,
            Concentration = function.IsAffine ? input.OriginConcentration : input.OriginConcentration.Through(transform),
            Function = function,
            OriginGain = gain,
            IsGaussian = false,
            Edges = edges.ToImmutable(),
        };

        void AddObserved(GraphNode step, ForwardSignal signal)
        {
            if (step == input.Origin)
                return;
            var local = signal.OriginGain > 0 ? gain / signal.OriginGain : 0;
            edges.Add(new(step, gradient => gradient.Amplify(local), GradientPath.Observed));
        }
    }
}
