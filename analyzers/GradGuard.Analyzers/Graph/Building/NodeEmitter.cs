using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Collects the nodes and layers of a graph in evaluation order, and recognises activations written by hand as they complete.</summary>
internal sealed class NodeEmitter
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<Layer> _layers = [];
    private readonly HashSet<GraphNode> _absorbed = [];

    /// <summary>How far the collection has come, to return to after a trial.</summary>
    public (int Nodes, int Layers) Mark => (_nodes.Count, _layers.Count);

    public void ReturnTo((int Nodes, int Layers) mark)
    {
        _nodes.RemoveRange(mark.Nodes, _nodes.Count - mark.Nodes);
        _layers.RemoveRange(mark.Layers, _layers.Count - mark.Layers);
    }

    /// <summary>Where in the flow of control nodes are made now.</summary>
    public ControlScope Scope { get; set; } = new(ControlKind.Call, parent: null);

    /// <summary>True once the program has switched a gradient off with <c>requires_grad</c>.</summary>
    public bool Freezes { get; set; }

    /// <summary>Runs <paramref name="part"/> inside a scope of its own.</summary>
    public T Within<T>(ControlKind kind, Func<T> part) => Within(new ControlScope(kind, Scope), part);

    /// <summary>Runs <paramref name="part"/> inside <paramref name="scope"/>, and gives back the scope from before.</summary>
    public T Within<T>(ControlScope scope, Func<T> part)
    {
        var around = Scope;
        Scope = scope;
        var result = part();
        Scope = around;
        return result;
    }

    public T Add<T>(T node)
        where T : GraphNode
    {
        node.Scope = Scope;
        _nodes.Add(node);
        return node;
    }

    public Layer Add(Layer layer)
    {
        _layers.Add(layer);
        return layer;
    }

    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>The nodes worth keeping: what a recognised activation or an unused loop value was built of is dropped.</summary>
    public ImmutableArray<GraphNode> Finish(IEnumerable<GraphNode> outputs)
    {
        var used = new HashSet<GraphNode>(outputs);
        var kept = new List<GraphNode>();
        for (var index = _nodes.Count - 1; index >= 0; index--)
        {
            var node = _nodes[index];
            if (_absorbed.Contains(node) && !used.Contains(node))
                continue;
            kept.Add(node);
            used.UnionWith(node.Inputs);
        }

        kept.Reverse();
        return [.. kept];
    }

    /// <summary>Says that a node counts only if something reads it.</summary>
    public void Absorb(params GraphNode[] nodes) => _absorbed.UnionWith(nodes);

    public GraphNode Unknown(string reason, Location location, params GraphNode[] inputs) => Add(new UnknownNode(reason, location, inputs));

    public GraphNode Activation(ActivationKind kind, GraphNode input, Location location, double? parameter = null, long? dimension = null, string path = "", Location? creation = null) =>
        Add(new ActivationNode(kind, input, location)
        {
            Parameter = parameter,
            Dimension = dimension,
            Path = path,
            Creation = creation,
            Shape = kind is ActivationKind.Glu ? ShapeRules.Forget(input.Shape) : input.Shape,
        });

    public GraphNode HandWritten(
        ActivationKind kind, GraphNode input, Location location, double? parameter = null, long? dimension = null, bool mayOverflow = false) =>
        Add(new ActivationNode(kind, input, location)
        {
            Parameter = parameter,
            Dimension = dimension,
            IsHandWritten = true,
            MayOverflow = mayOverflow,
            Shape = input.Shape,
        });

    public GraphNode Elementwise(ElementwiseKind kind, GraphNode input, Location location, double? low = null, double? high = null)
    {
        var node = new ElementwiseNode(kind, input, location) { Low = low, High = high, Shape = input.Shape };
        return HandWrittenActivations.Of(this, node) ?? Add(node);
    }

    public GraphNode Scale(GraphNode input, double? factor, double? offset, Location location)
    {
        if (factor == 1 && offset == 0)
            return input;
        var node = new ScaleNode(input, factor, offset, location) { Shape = input.Shape };
        return HandWrittenActivations.Of(this, node) ?? Add(node);
    }

    public GraphNode Sum(GraphNode left, GraphNode right, bool isDifference, Location location) =>
        Add(new AddNode(left, right, location) { IsDifference = isDifference, Shape = ShapeRules.Broadcast(left.Shape, right.Shape) });

    public GraphNode Multiply(GraphNode left, GraphNode right, Location location)
    {
        var node = new MultiplyNode(left, right, location) { Shape = ShapeRules.Broadcast(left.Shape, right.Shape) };
        return HandWrittenActivations.Of(this, node) ?? Add(node);
    }

    public GraphNode Divide(GraphNode numerator, GraphNode denominator, Location location)
    {
        var node = new DivideNode(numerator, denominator, location) { Shape = ShapeRules.Broadcast(numerator.Shape, denominator.Shape) };
        return HandWrittenActivations.Of(this, node) ?? Add(node);
    }

    public GraphNode Reshape(GraphNode input, TensorShape shape, Location location, bool isTranspose = false, bool isSlice = false) =>
        Add(new ReshapeNode(input, location) { IsTranspose = isTranspose, IsSlice = isSlice, Shape = shape });

    public GraphNode Product(GraphNode left, GraphNode right, double? innerWidth, TensorShape shape, Location location) =>
        Add(new ProductNode(left, right, innerWidth, location)
        {
            IsBetweenActivations = !IsOfParameter(left) && !IsOfParameter(right),
            Shape = shape,
        });

    /// <summary>One of several values, not known which. Equal ones are one.</summary>
    public GraphNode Branch(IEnumerable<GraphNode> alternatives, Location location)
    {
        var distinct = alternatives.Distinct().ToArray();
        if (distinct.Length == 1)
            return distinct[0];
        var shape = distinct.All(node => node.Shape.ToString() == distinct[0].Shape.ToString()) ? distinct[0].Shape : TensorShape.Unknown;
        return Add(new BranchNode(location, distinct) { Shape = shape });
    }

    /// <summary>True for a tensor the program created itself, scaled, masked, transposed or sliced as it may be.</summary>
    private static bool IsOfParameter(GraphNode node) => node switch
    {
        TensorNode => true,
        ReshapeNode or ScaleNode or GradientCutNode => IsOfParameter(node.Input),
        _ => false,
    };
}
