using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>The value after a branch: one of the inputs, not known which. Both sides are kept.</summary>
internal sealed class BranchNode(Location location, params GraphNode[] alternatives) : GraphNode(location, alternatives);

/// <summary>The loop-carried value at the start of an iteration, inside a <see cref="RecurrenceNode"/>'s body.</summary>
internal sealed class CarriedNode(GraphNode initial, Location location) : GraphNode(location, initial)
{
    /// <summary>The first place where the body reads the variable that carries the value; null where it does not. Set while the graph is built.</summary>
    public Location? Read { get; set; }
}

/// <summary>
/// A value carried round a loop: <c>h = f(W·h + …)</c>. <see cref="Body"/> is the value at the end of one iteration, written in terms of
/// <see cref="Carried"/>; the node's own value is that of the last iteration.
/// </summary>
internal sealed class RecurrenceNode : GraphNode
{
    private readonly Lazy<ImmutableArray<GraphNode>> _cycle;

    public RecurrenceNode(CarriedNode carried, GraphNode body, long? steps, Location location)
        : base(location, carried, body)
    {
        Carried = carried;
        Body = body;
        Steps = steps;
        _cycle = new(FindCycle);
    }

    public CarriedNode Carried { get; }

    public GraphNode Body { get; }

    /// <summary>Iterations, null where not known at compile time.</summary>
    public long? Steps { get; }

    /// <summary>The loop: what an iteration makes is made within it. Null for a graph that was not read from code.</summary>
    public ControlScope? Loop { get; init; }

    /// <summary>What one iteration does to the carried value: the nodes on the way from <see cref="Carried"/> to <see cref="Body"/>, without the former.</summary>
    public ImmutableArray<GraphNode> Cycle => _cycle.Value;

    private ImmutableArray<GraphNode> FindCycle()
    {
        var onTheWay = new Dictionary<GraphNode, bool> { [Carried] = true };
        var cycle = ImmutableArray.CreateBuilder<GraphNode>();
        var open = new Stack<(GraphNode Node, bool IsExpanded)>([(Body, false)]);
        while (open.Count > 0)
        {
            var (node, isExpanded) = open.Pop();
            if (onTheWay.ContainsKey(node))
                continue;
            if (!isExpanded)
            {
                open.Push((node, true));
                foreach (var input in node.Inputs)
                    open.Push((input, false));
                continue;
            }

            onTheWay[node] = node.Inputs.Any(input => onTheWay.TryGetValue(input, out var reads) && reads);
            if (onTheWay[node])
                cycle.Add(node);
        }

        return cycle.ToImmutable();
    }
}

/// <summary>The gradient ends here on its way back.</summary>
internal sealed class GradientCutNode(GradientCutKind kind, GraphNode input, Location location) : GraphNode(location, input)
{
    public GradientCutKind Kind { get; } = kind;
}

/// <summary>A loss function: prediction, then target.</summary>
internal sealed class LossNode(LossKind kind, Location location, params GraphNode[] inputs) : GraphNode(location, inputs)
{
    public LossKind Kind { get; } = kind;

    public GraphNode Prediction => Inputs[0];
}
