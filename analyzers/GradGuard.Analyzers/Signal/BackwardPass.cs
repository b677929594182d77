using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Moments of the loss gradient at every value, relative to one of unit RMS at the outputs, taken as independent from sample to sample and unit to
/// unit. Gradients that reach a value along several paths add as independent ones: the paths differ in random weights (gradient
/// independence; Schoenholz et al. 2017, Yang 2019).
/// </summary>
internal sealed class BackwardPass
{
    private readonly Dictionary<GraphNode, Sum> _passing = [];
    private readonly Dictionary<GraphNode, Sum> _observed = [];

    public BackwardPass(IReadOnlyList<GraphNode> nodes, IEnumerable<GraphNode> outputs, Func<GraphNode, ForwardSignal> signals)
        : this(nodes, outputs, Moments.UnitRms, signals)
    {
    }

    /// <summary>The way back from one value for a gradient of the given moments.</summary>
    public BackwardPass(IReadOnlyList<GraphNode> nodes, GraphNode output, Moments gradient, Func<GraphNode, ForwardSignal> signals)
        : this(nodes, [output], gradient, signals)
    {
    }

    private BackwardPass(IReadOnlyList<GraphNode> nodes, IEnumerable<GraphNode> outputs, Moments gradient, Func<GraphNode, ForwardSignal> signals)
    {
        foreach (var output in outputs.Distinct())
        {
            Add(_passing, output, gradient);
            Add(_observed, output, gradient);
        }
        for (var i = nodes.Count - 1; i >= 0; i--)
            foreach (var edge in signals(nodes[i]).Edges)
                Follow(nodes[i], edge);
    }

    /// <summary>The gradient at a node: zero where none arrives, null where it is not known.</summary>
    public Moments? this[GraphNode node] => _observed.TryGetValue(node, out var sum) ? sum.Total : default(Moments);

    private void Follow(GraphNode node, GradientEdge edge)
    {
        var source = edge.Passes is GradientPath.Observed ? _observed : _passing;
        if (!source.TryGetValue(node, out var gradient) || gradient.Total is { Square: 0 })
            return;
        var contribution = gradient.Total is { } known ? edge.Map(known) : null;
        Add(_observed, edge.Target, contribution);
        if (edge.Passes is not GradientPath.Observed)
            Add(_passing, edge.Target, contribution);
    }

    private static void Add(Dictionary<GraphNode, Sum> sums, GraphNode node, Moments? contribution)
    {
        if (contribution is { IsFinite: false })
            contribution = null;
        sums[node] = new(sums.TryGetValue(node, out var sum) ? contribution is { } more ? sum.Total?.Plus(more) : null : contribution);
    }

    /// <summary>What arrived so far; null once a contribution is not known.</summary>
    private readonly record struct Sum(Moments? Total);
}
