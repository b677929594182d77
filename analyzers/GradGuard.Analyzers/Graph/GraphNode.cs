using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>One value in the forward computation: a tensor, with what produced it. Compared by reference; inputs come before their users.</summary>
internal abstract class GraphNode
{
    private static readonly ControlScope NoScope = new(ControlKind.Call, parent: null);

    protected GraphNode(Location location, params GraphNode[] inputs)
    {
        Location = location;
        Inputs = ImmutableArray.Create(inputs);
    }

    /// <summary>The operation in the source.</summary>
    public Location Location { get; }

    public ImmutableArray<GraphNode> Inputs { get; protected set; }

    public TensorShape Shape { get; init; } = TensorShape.Unknown;

    /// <summary>Where in the flow of control the value is made. Set once, when the node joins its graph.</summary>
    public ControlScope Scope { get; set; } = NoScope;

    /// <summary>True where the program asks for this value's own gradient, with <c>requires_grad</c>. Mutable while the graph is built, because it may ask later.</summary>
    public bool RequiresGradient { get; set; }

    /// <summary>The single input of a unary node.</summary>
    public GraphNode Input => Inputs[0];
}
