using GradGuard.Analyzers.Graph;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Benchmarks.Prediction;

/// <summary>Collects the graph of a random model.</summary>
internal sealed class GraphRecorder
{
    private static readonly INamedTypeSymbol Type = CSharpCompilation.Create("models").CreateErrorTypeSymbol(null, "RandomModel", 0);

    private readonly List<GraphNode> _nodes = [];

    /// <summary>Values whose gradient is compared, in the order in which the model computes them.</summary>
    public List<GraphNode> Observed { get; } = [];

    public List<ActivationNode> Saturating { get; } = [];

    public T Add<T>(T node)
        where T : GraphNode
    {
        _nodes.Add(node);
        return node;
    }

    public ModelGraph Graph(GraphNode output) => new()
    {
        Name = "RandomModel",
        Type = Type,
        IsModule = true,
        Layers = [],
        Nodes = [.. _nodes],
        Outputs = [output],
    };

    public static Initialization Default(WeightDistribution law) => new(law, Location.None, IsDefault: true);

    public static Initialization Init(WeightDistribution law) => new(law, Location.None, IsDefault: false);
}
