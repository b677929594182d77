using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>
/// What one piece of code computes: a module class (its constructors, then <c>forward</c>) or a single method that handles tensors itself.
/// Built once, shared by every rule; immutable after that.
/// </summary>
internal sealed class ModelGraph
{
    private readonly Lazy<ILookup<GraphNode, GraphNode>> _users;

    private readonly Lazy<HashSet<GraphNode>> _inRecurrences;

    public ModelGraph()
    {
        _users = new(() => Nodes.SelectMany(user => user.Inputs, (user, input) => (user, input)).ToLookup(edge => edge.input, edge => edge.user));
        _inRecurrences = new(() => [.. Nodes.OfType<RecurrenceNode>().SelectMany(recurrence => recurrence.Cycle)]);
    }

    /// <summary>The class's or method's name, for messages and tables.</summary>
    public required string Name { get; init; }

    /// <summary>The module class, or the type that holds the method.</summary>
    public required INamedTypeSymbol Type { get; init; }

    /// <summary>True for a module class with a <c>forward</c>; false for a method.</summary>
    public required bool IsModule { get; init; }

    /// <summary>Every layer and bare parameter that was created, also those that <c>forward</c> never uses.</summary>
    public required ImmutableArray<Layer> Layers { get; init; }

    /// <summary>All values in evaluation order: inputs of a node come before it (the body of a recurrence before the recurrence).</summary>
    public required ImmutableArray<GraphNode> Nodes { get; init; }

    /// <summary>What <c>forward</c> returns; for a method its result or the losses it computes. Empty when not known.</summary>
    public required ImmutableArray<GraphNode> Outputs { get; init; }

    /// <summary>True where the code switches gradients of parameters off, with <c>requires_grad</c>.</summary>
    public bool Freezes { get; init; }

    /// <summary>What was not understood, with the place.</summary>
    public IEnumerable<UnknownNode> Unknowns => Nodes.OfType<UnknownNode>();

    /// <summary>The nodes that read <paramref name="node"/>'s value.</summary>
    public IEnumerable<GraphNode> UsersOf(GraphNode node) => _users.Value[node];

    /// <summary>
    /// The first place, outside recurrences, where <paramref name="layer"/>'s weights multiply a value: its own call, or a product by hand.
    /// </summary>
    public GraphNode? UseOf(Layer layer) => Nodes.FirstOrDefault(node => !_inRecurrences.Value.Contains(node) && node switch
    {
        AffineNode affine => affine.Layer == layer,
        ProductNode product => product.Weights.Any(weight => weight.Layer == layer),
        _ => false,
    });
}
