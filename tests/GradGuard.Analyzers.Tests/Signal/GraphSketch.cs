using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Analyzers.Tests.Signal;

/// <summary>Builds a model graph by hand, node by node.</summary>
internal sealed class GraphSketch
{
    private static readonly INamedTypeSymbol Type = CSharpCompilation.Create("sketch").CreateErrorTypeSymbol(null, "Sketch", 0);

    private readonly List<GraphNode> _nodes = [];
    private readonly List<Layer> _layers = [];

    public InputNode Input(params long?[] shape) => Add(new InputNode("x", Location.None) { Shape = TensorShape.Of(shape) });

    public T Add<T>(T node)
        where T : GraphNode
    {
        _nodes.Add(node);
        return node;
    }

    public AffineNode Linear(GraphNode input, long? inFeatures, long? outFeatures, WeightDistribution? weight = null, WeightDistribution? bias = null)
    {
        var layer = LinearLayer($"fc{_layers.Count + 1}", inFeatures, outFeatures, weight, bias);
        _layers.Add(layer);
        return Add(new AffineNode(layer, input, Location.None));
    }

    public ActivationNode Activation(ActivationKind kind, GraphNode input, double? parameter = null) =>
        Add(new ActivationNode(kind, input, Location.None) { Parameter = parameter });

    public ModelGraph Graph(params GraphNode[] outputs) => new()
    {
        Name = "Sketch",
        Type = Type,
        IsModule = true,
        Layers = [.. _layers],
        Nodes = [.. _nodes],
        Outputs = outputs.ToImmutableArray(),
    };

    /// <summary>A Linear layer with the library's default initialization where none is given; a null bias law means no bias.</summary>
    public static Layer LinearLayer(string path, long? inFeatures, long? outFeatures, WeightDistribution? weight = null, WeightDistribution? bias = null) =>
        new(path, LayerKind.Linear, Location.None)
        {
            InFeatures = inFeatures,
            OutFeatures = outFeatures,
            HasBias = bias is not null,
            Weight = Draws(weight ?? new WeightDistribution.FanInUniform(1)),
            Bias = bias is null ? null : Draws(bias),
        };

    public static Initialization Draws(WeightDistribution law) => new(law, Location.None, IsDefault: false);
}
