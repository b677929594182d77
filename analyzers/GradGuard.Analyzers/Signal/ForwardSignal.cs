using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>What the forward pass knows of one node's value, and how a gradient at it reaches the nodes before it.</summary>
internal sealed record ForwardSignal
{
    /// <summary>Moments of the value; null where they are not known.</summary>
    public Moments? Value { get; init; }

    /// <summary>Why the value is not known; empty where it is.</summary>
    public string UnknownBecause { get; init; } = "";

    /// <summary>The value rests on an input taken to have independent entries of mean 0 and RMS 1.</summary>
    public bool AssumesUnitInput { get; init; }

    /// <summary>Sums over many independent terms: close to Gaussian by the central limit theorem. False after an activation.</summary>
    public bool IsGaussian { get; init; }

    /// <summary>In how few directions each unit's variance lies: what makes units differ in spread, which matters where each is normalized by its own.</summary>
    public Concentration Concentration { get; init; }

    /// <summary>Excess kurtosis of the weights over the terms that a unit sums: what uniform weights take away from the spread of Gaussian ones.</summary>
    public double WeightExcess { get; init; }

    /// <summary>Relative variance, over units, of a unit's variance over samples: 0 for wide layers.</summary>
    public double UnitSpread => Math.Max(0, (2 * Concentration.Total) + WeightExcess);

    /// <summary>The node that <see cref="Function"/> takes its argument from. A node that is no element-wise function is its own origin.</summary>
    public required GraphNode Origin { get; init; }

    /// <summary>Moments of the argument of <see cref="Function"/>, taken as Gaussian.</summary>
    public Moments OriginValue { get; init; }

    /// <summary>The same for the origin.</summary>
    public Concentration OriginConcentration { get; init; }

    /// <summary>The value as a function of its origin.</summary>
    public PointwiseFunction Function { get; init; } = PointwiseFunction.Identity;

    /// <summary>E[F′²] and what else a gradient is multiplied by on the way from the value to the origin.</summary>
    public double OriginGain { get; init; } = 1;

    /// <summary>Values of this node over values of the origin, after a max pooling in between; otherwise 1.</summary>
    public double OriginDensity { get; init; } = 1;

    /// <summary>Of a recurrence: what it does to the gradient through time.</summary>
    public RecurrenceSignal? Recurrence { get; init; }

    /// <summary>Of a recurrent layer: its steps, from which its results are taken.</summary>
    public UnrolledRecurrence? Unrolled { get; init; }

    public ImmutableArray<GradientEdge> Edges { get; init; } = ImmutableArray<GradientEdge>.Empty;

    /// <summary>A value of its own: what follows builds on its moments alone.</summary>
    public static ForwardSignal Known(GraphNode node, Moments value, bool isGaussian, params GradientEdge[] edges) => new()
    {
        Value = value.IsFinite ? value : null,
        UnknownBecause = value.IsFinite ? "" : "the value overflows",
        IsGaussian = isGaussian,
        Origin = node,
        OriginValue = value,
        Edges = ImmutableArray.Create(edges),
    };

    /// <summary>This value, where more is known of a unit's variance than that it has many directions.</summary>
    public ForwardSignal With(Concentration concentration, double weightExcess = 0) =>
        this with { Concentration = concentration, OriginConcentration = concentration, WeightExcess = weightExcess };

    /// <summary>Not known; neither is any gradient that passes here, but cut-off inputs aside it reaches all of them.</summary>
    public static ForwardSignal Unknown(GraphNode node, string because) => new()
    {
        UnknownBecause = because,
        Origin = node,
        Edges = node.Inputs.Select(input => new GradientEdge(input, _ => null)).ToImmutableArray(),
    };
}

/// <summary>How a gradient at a node becomes one at <paramref name="Target"/>; the map gives null where that is not known.</summary>
/// <param name="Target">The node before.</param>
/// <param name="Map">Moments of the gradient at the node to moments of its contribution at the target.</param>
/// <param name="Passes">
/// The path the edge stands for. Within a chain of element-wise operations the gradient goes to the chain's origin at once
/// (<see cref="GradientPath.ToOrigin"/>), and the steps between see it for information (<see cref="GradientPath.Observed"/>).
/// </param>
internal readonly record struct GradientEdge(GraphNode Target, Func<Moments, Moments?> Map, GradientPath Passes = GradientPath.Whole);

internal enum GradientPath
{
    Whole,
    ToOrigin,
    Observed,
}
