using GradGuard.Analyzers.Graph;

namespace GradGuard.Instrumentation.Prediction;

/// <summary>What of a graph is part of a recurrence, and what is computed from one.</summary>
internal sealed class Recurrences
{
    private readonly HashSet<GraphNode> _inside;
    private readonly HashSet<GraphNode> _behind;

    public Recurrences(ModelGraph graph)
    {
        _inside = [.. graph.Nodes.Where(static node => node is RecurrentLayerNode or RecurrenceNode), .. graph.Nodes.OfType<RecurrenceNode>().SelectMany(static node => node.Cycle)];
        _behind = [.. _inside];
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Any(_behind.Contains)))
            _behind.Add(node);
    }

    /// <summary>True for a recurrent layer, a loop that carries a state, and what such a loop runs.</summary>
    public bool Hold(GraphNode node) => _inside.Contains(node);

    /// <summary>True for the same and all that is computed from it.</summary>
    public bool StandBefore(GraphNode node) => _behind.Contains(node);
}
