using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>A call of <c>backward()</c>: what is minimised. Nothing reads it.</summary>
internal sealed class BackwardNode(GraphNode target, bool? retainsGraph, Location location) : GraphNode(location, target)
{
    /// <summary>What backward is called on: the loss.</summary>
    public GraphNode Target => Inputs[0];

    /// <summary>True with <c>retain_graph</c> or <c>create_graph</c>; null where that is decided at run time.</summary>
    public bool? RetainsGraph { get; } = retainsGraph;
}
