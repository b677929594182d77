using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Recurrences written as a loop: the body is evaluated again and again on its own result, each time as if its weights were drawn anew (which wide
/// layers behave like; Chen, Pennington and Schoenholz 2018). The numbers reported inside the body are those of the last iteration, and values
/// from outside the loop see the gradient of that iteration.
/// </summary>
internal static class LoopPropagation
{
    /// <summary>Iterations followed one by one. A recurrence has settled by then, or grows by the same factor each time.</summary>
    private const int MaxIterations = 64;

    /// <summary>The same for a loop inside a loop, which runs anew in each iteration of the outer one.</summary>
    private const int MaxNestedIterations = 6;

    /// <summary>A state that changes less than this from iteration to iteration has settled.</summary>
    private const double Settled = 1e-6;

    public static ForwardSignal Through(RecurrenceNode node, ForwardPass outside)
    {
        if (outside[node.Body] is not { Value: { } first } firstBody)
            return ForwardSignal.Unknown(node, outside[node.Body].UnknownBecause);

        var body = BodyOf(node, outside.Nodes);
        var gains = new List<double>();
        var limit = outside.IsInsideLoop ? MaxNestedIterations : MaxIterations;
        var iterations = Math.Min(node.Steps ?? limit, limit);
        var (state, growth, isSettled) = (first, 1.0, false);
        ForwardPass? last = null;
        for (var iteration = 1; iteration <= iterations; iteration++)
        {
            if (iteration > 1)
            {
                var pass = new ForwardPass(body, outside, node.Carried, state);
                if (pass[node.Body].Value is not { } next)
                    return ForwardSignal.Unknown(node, pass[node.Body].UnknownBecause);
                growth = next.Square / state.Square;
                isSettled = Math.Abs(growth - 1) < Settled;
                state = next;
                last = pass;
            }
            if (GradientGain(node, body, last ?? outside) is not { } gain)
                return ForwardSignal.Unknown(node, "the gradient through the loop is not known");
            gains.Add(gain);
            if (isSettled)
                break;
        }

        // The first iteration starts from the initial state, often zero; the following ones are the recurrence proper.
        var kept = gains.Count > 1 ? gains.Skip(1).ToList() : gains;
        var perStep = kept.Contains(0) ? 0 : Math.Exp(kept.Average(Math.Log));
        var missing = (node.Steps ?? 0) - gains.Count;
        if (!isSettled && missing > 0)
            state = state.Amplify(Math.Pow(growth, missing)) with { Mean = state.Mean * Math.Pow(growth, 0.5 * missing) };
        if (last is not null)
            outside.Adopt(last);
        outside.Adopt(node.Carried, CarriedBack(node, outside[node.Carried], perStep));
        var value = node.Steps is not null || isSettled ? ForwardSignal.Known(node, state, firstBody.IsGaussian) : ForwardSignal.Unknown(node, "loop of unknown length");
        return value with
        {
            Recurrence = new(RadiusOf(node.Cycle), perStep, node.Steps),
            Edges = ImmutableArray.Create(new GradientEdge(node.Body, gradient => gradient)),
        };
    }

    /// <summary>The nodes between the carried value and the end of an iteration, in evaluation order.</summary>
    private static ImmutableArray<GraphNode> BodyOf(RecurrenceNode node, IEnumerable<GraphNode> evaluated)
    {
        var inside = new HashSet<GraphNode> { node.Carried };
        var body = ImmutableArray.CreateBuilder<GraphNode>();
        foreach (var candidate in evaluated.TakeWhile(other => other != node).Where(other => other.Inputs.Any(inside.Contains)))
        {
            inside.Add(candidate);
            body.Add(candidate);
        }
        return body.ToImmutable();
    }

    /// <summary>The way from the last iteration's carried value to the initial one: the other iterations.</summary>
    private static ForwardSignal CarriedBack(RecurrenceNode node, ForwardSignal carried, double gainPerStep)
    {
        double? factor = node.Steps is { } steps ? Math.Pow(gainPerStep, 2 * Math.Max(0, steps - 1)) : null;
        return carried with
        {
            Edges = ImmutableArray.Create(new GradientEdge(node.Carried.Input, gradient => factor is { } known ? gradient.Amplify(known) : null)),
        };
    }

    /// <summary>RMS gradient at the carried value over that at the end of the iteration; null where not known.</summary>
    private static double? GradientGain(RecurrenceNode node, ImmutableArray<GraphNode> body, ForwardPass pass) =>
        new BackwardPass(body, [node.Body], other => pass[other])[node.Carried]?.Rms;

    /// <summary>The spectral radius of the one square matrix in the loop that meets the carried value; null for none or several.</summary>
    private static double? RadiusOf(ImmutableArray<GraphNode> body)
    {
        var radii = body.Select(RadiusOf).Where(radius => radius is not null).ToArray();
        return radii.Length == 1 ? radii[0] : null;
    }

    private static double? RadiusOf(GraphNode node) => node switch
    {
        AffineNode { Layer: { InFeatures: { } width } layer } when width == layer.OutFeatures => SpectralRadius.Of(layer.Weight.Distribution, width),
        ProductNode { IsBetweenActivations: false, InnerWidth: { } width } product => (ScaledTensor.Of(product.Left) ?? ScaledTensor.Of(product.Right)) is { } tensor
            ? SpectralRadius.Of(tensor.Law, width)
            : null,
        RecurrentLayerNode { Layer: { RecurrentWeight: { } weight, OutFeatures: var width } } => SpectralRadius.Of(weight.Distribution, width),
        _ => null,
    };
}
