using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>One value in the forward computation: a tensor, with what produced it. Compared by reference; inputs come before their users.</summary>
internal abstract class GraphNode
{
    protected GraphNode(Location location, params GraphNode[] inputs)
    {
        Location = location;
        Inputs = ImmutableArray.Create(inputs);
    }

    /// <summary>The operation in the source.</summary>
    public Location Location { get; }

    public ImmutableArray<GraphNode> Inputs { get; protected set; }

    public TensorShape Shape { get; init; } = TensorShape.Unknown;

    /// <summary>The single input of a unary node.</summary>
    public GraphNode Input => Inputs[0];
}
