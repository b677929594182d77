using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// The start of training predicted from a model's graph alone: activation moments forward, gradient moments backward, in closed form. It
/// describes wide layers with freshly drawn, independent weights; a single narrow model scatters around it.
/// </summary>
internal sealed class SignalReport
{
    private readonly Dictionary<GraphNode, NodeSignal> _signals;

    private SignalReport(ModelGraph graph, Dictionary<GraphNode, NodeSignal> signals)
    {
        Graph = graph;
        _signals = signals;
        PreActivations = graph.Nodes.Where(IsPreActivation).Select(node => signals[node]).ToArray();
    }

    public ModelGraph Graph { get; }

    public NodeSignal this[GraphNode node] => _signals[node];

    /// <summary>Results of the layers with weights, in evaluation order.</summary>
    public IReadOnlyList<NodeSignal> PreActivations { get; }

    /// <summary>
    /// RMS gradient at the first pre-activation over that at the last one: under 1 it vanishes on its way to the input, over 1 it explodes.
    /// Null where not known or with fewer than two layers.
    /// </summary>
    public double? GradientRatio => PreActivations.Count > 1 ? RatioToLast(PreActivations[0]) : null;

    /// <summary>RMS gradient at a value over that at the last pre-activation; null where not known.</summary>
    public double? RatioToLast(NodeSignal signal) =>
        PreActivations.Count > 0 && PreActivations[PreActivations.Count - 1].GradientRms is > 0 and var last ? signal.GradientRms / last : null;

    /// <summary>RMS gradient at one value over that at another; null where either is not known or nothing arrives at the second.</summary>
    public double? RatioBetween(GraphNode value, GraphNode reference) =>
        this[reference].GradientRms is > 0 and var arriving ? this[value].GradientRms / arriving : null;

    /// <summary>
    /// The activation that a pre-activation goes into, through normalization, pooling, dropout and reshaping, or null where there is none or
    /// more than one.
    /// </summary>
    public NodeSignal? ActivationAfter(GraphNode preActivation)
    {
        var node = preActivation;
        while (true)
        {
            var users = Graph.UsersOf(node).Distinct().ToArray();
            if (users.Length != 1)
                return null;
            node = users[0];
            if (node is ActivationNode)
                return this[node];
            if (node is not (NormalizationNode or PoolingNode or DropoutNode or ReshapeNode or ScaleNode))
                return null;
        }
    }

    public static SignalReport Compute(ModelGraph graph)
    {
        var forward = new ForwardPass(graph.Nodes);
        var backward = new BackwardPass(graph.Nodes, graph.Outputs, node => forward[node]);
        var signals = new Dictionary<GraphNode, NodeSignal>(graph.Nodes.Length);
        foreach (var node in graph.Nodes)
            signals[node] = Describe(node, forward, graph.Outputs.IsEmpty ? null : backward[node]);
        return new(graph, signals);
    }

    private static bool IsPreActivation(GraphNode node) => node is AffineNode or ProductNode or RecurrentLayerNode or RecurrenceNode;

    private static NodeSignal Describe(GraphNode node, ForwardPass forward, Moments? gradient)
    {
        var signal = forward[node];
        if (node is not ActivationNode activation || ActivationFunction.Of(activation.Kind, activation.Parameter) is not { } function)
            return new(node, signal, gradient);

        var preActivation = forward[activation.Input];
        return new(node, signal, gradient)
        {
            SaturatedShare = function.Saturation is { } range ? UnitShares.Outside(preActivation, range.Low, range.High) : null,
            DeadShare = function.DeadBelow is { } threshold ? UnitShares.Dead(preActivation, threshold) : null,
        };
    }
}
