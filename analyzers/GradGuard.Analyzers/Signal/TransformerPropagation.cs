using System.Collections.Immutable;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// The library's transformer encoder: blocks of self-attention and two linear layers, each joined to its input and then normalized (post-norm; libtorch has no
/// other order). A block is followed as the graph it stands for, all of its parameters at the library's defaults.
/// </summary>
internal static class TransformerPropagation
{
    public static ForwardSignal Through(AttentionNode node, Layer layer, ForwardSignal input, ForwardPass outside)
    {
        if (input.Value is not { } x)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        if (node.IsMasked)
            return ForwardSignal.Unknown(node, "attention under a mask");
        if (layer.Depth is not { } depth || layer.InFeatures is not { } width || layer.FeedForward is not { } hidden || layer.FeedForwardActivation is not { } activation)
            return ForwardSignal.Unknown(node, "transformer of unknown width, depth or activation");

        var entry = new CarriedNode(node.Input, node.Location) { Shape = node.Input.Shape };
        var nodes = ImmutableArray.CreateBuilder<GraphNode>();
        GraphNode value = entry;
        for (var block = 0; block < depth; block++)
            value = new Blocks(nodes, layer, node.Location, width, hidden, activation).After(value);
        var body = nodes.ToImmutable();
        var pass = new ForwardPass(body, outside, entry, x);
        return pass[value].Value is { } result
            ? ForwardSignal.Known(node, result, isGaussian: true, new GradientEdge(node.Input, gradient => new BackwardPass(body, value, gradient, inner => pass[inner])[entry]))
            : ForwardSignal.Unknown(node, pass[value].UnknownBecause);
    }

    private sealed class Blocks(
        ImmutableArray<GraphNode>.Builder nodes, Layer layer, Location location, long width, long hidden, ActivationKind activation)
    {
        public GraphNode After(GraphNode x)
        {
            var attention = new Layer("", LayerKind.Attention, location)
            {
                InFeatures = width,
                Groups = layer.Groups,
                Dropout = layer.Dropout,
                Weight = Default(new WeightDistribution.Xavier(1, IsUniform: true)),
            };
            var attended = Joined(x, Add(new AttentionNode(attention, location, x, x, x) { Shape = x.Shape }));
            var raised = Add(new ActivationNode(activation, Linear(attended, width, hidden), location) { Shape = attended.Shape.With(-1, hidden) });
            return Joined(attended, Linear(Dropped(raised), hidden, width));
        }

        private GraphNode Joined(GraphNode x, GraphNode branch)
        {
            var sum = Add(new AddNode(x, Dropped(branch), location) { Shape = x.Shape });
            return Add(new NormalizationNode(NormalizationKind.Layer, null, sum, location) { Shape = x.Shape });
        }

        private GraphNode Dropped(GraphNode x) => Add(new DropoutNode(layer.Dropout, x, location) { Shape = x.Shape });

        private GraphNode Linear(GraphNode x, long from, long to)
        {
            var linear = new Layer("", LayerKind.Linear, location)
            {
                InFeatures = from,
                OutFeatures = to,
                Weight = Default(new WeightDistribution.FanInUniform(1)),
                Bias = Default(new WeightDistribution.FanInUniform(1)),
            };
            return Add(new AffineNode(linear, x, location) { Shape = x.Shape.With(-1, to) });
        }

        private Initialization Default(WeightDistribution law) => new(law, location, IsDefault: true);

        private GraphNode Add(GraphNode node)
        {
            nodes.Add(node);
            return node;
        }
    }
}
