using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Prediction;

/// <summary>Self-attention by the library's module, over sequences of shape [S, N, E].</summary>
internal sealed record SelfAttentionBlock(long Width, long Heads) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        var layer = new Layer("attention", LayerKind.Attention, Location.None)
        {
            InFeatures = Width,
            OutFeatures = Width,
            Groups = Heads,
            Weight = GraphRecorder.Default(new WeightDistribution.Xavier(1, IsUniform: true)),
            Bias = GraphRecorder.Default(new WeightDistribution.Constant(0)),
        };
        return graph.Add(new AttentionNode(layer, Location.None, x, x, x) { Shape = x.Shape });
    }

    public override Tensor Run(TorchRecorder torch, Tensor x)
    {
        var module = nn.MultiheadAttention(Width, Heads);
        module.to(ScalarType.Float64);
        return module.call(x, x, x).Item1;
    }

    public override string ToString() => $"mha({Width},{Heads})";
}

/// <summary>softmax(q·kᵀ/√E)·v with three Linear layers, over sequences of shape [N, S, E].</summary>
internal sealed record WrittenAttentionBlock(long Width, WeightLaw Law) : Block
{
    private readonly LinearBlock _projection = new(Width, Width, Law);

    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        var (query, key, value) = (_projection.Describe(graph, x), _projection.Describe(graph, x), _projection.Describe(graph, x));
        var transposed = graph.Add(new ReshapeNode(key, Location.None) { IsTranspose = true, Shape = TensorShape.Of(x.Shape[0], Width, x.Shape[1]) });
        var square = TensorShape.Of(x.Shape[0], x.Shape[1], x.Shape[1]);
        var scores = graph.Add(new ProductNode(query, transposed, Width, Location.None) { IsBetweenActivations = true, Shape = square });
        var scaled = graph.Add(new ScaleNode(scores, 1 / Math.Sqrt(Width), 0, Location.None) { Shape = square });
        var weights = graph.Add(new ActivationNode(ActivationKind.Softmax, scaled, Location.None) { Dimension = -1, Shape = square });
        return graph.Add(new ProductNode(weights, value, x.Shape[1], Location.None) { IsBetweenActivations = true, Shape = x.Shape });
    }

    public override Tensor Run(TorchRecorder torch, Tensor x)
    {
        var (query, key, value) = (_projection.Run(torch, x), _projection.Run(torch, x), _projection.Run(torch, x));
        return (query.matmul(key.transpose(-1, -2)) / Math.Sqrt(Width)).softmax(-1).matmul(value);
    }

    public override string ToString() => $"attention({Width},{Law.Name})";
}

/// <summary>One block of the library's encoder, which normalizes after each join.</summary>
internal sealed record EncoderLayerBlock(long Width, long Heads, long Hidden, double Dropout, ActivationKind Activation) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        var layer = new Layer("encoder", LayerKind.TransformerEncoderLayer, Location.None)
        {
            InFeatures = Width,
            OutFeatures = Width,
            Groups = Heads,
            FeedForward = Hidden,
            FeedForwardActivation = Activation,
            Dropout = Dropout,
            Weight = GraphRecorder.Default(new WeightDistribution.FanInUniform(1)),
        };
        return graph.Add(new AttentionNode(layer, Location.None, x) { Shape = x.Shape });
    }

    public override Tensor Run(TorchRecorder torch, Tensor x)
    {
        var activation = Activation is ActivationKind.Gelu ? nn.Activations.GELU : nn.Activations.ReLU;
        var module = nn.TransformerEncoderLayer(Width, Heads, Hidden, Dropout, activation);
        module.to(ScalarType.Float64);
        return module.call(x);
    }

    public override string ToString() => $"encoder({Width},{Heads},{Hidden},{Activation},{Dropout})";
}

/// <summary>The mean over the positions of a sequence.</summary>
internal sealed record MeanBlock(int Dimension) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x) => graph.Add(new ReductionNode(ReductionKind.Mean, x, Location.None)
    {
        Count = x.Shape[Dimension],
        Dimension = Dimension,
        Shape = TensorShape.Of(x.Shape[1 - Dimension], x.Shape[2]),
    });

    public override Tensor Run(TorchRecorder torch, Tensor x) => x.mean([Dimension]);

    public override string ToString() => "mean";
}
