using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Prediction;

internal sealed record ActivationBlock(ActivationKind Kind) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        var node = graph.Add(new ActivationNode(Kind, x, Location.None) { Shape = x.Shape });
        if (Kind is ActivationKind.Sigmoid or ActivationKind.Tanh)
            graph.Saturating.Add(node);
        return node;
    }

    public override Tensor Run(TorchRecorder torch, Tensor x)
    {
        switch (Kind)
        {
            case ActivationKind.Sigmoid:
                torch.ObserveSaturation(x, 4);
                return x.sigmoid();
            case ActivationKind.Tanh:
                torch.ObserveSaturation(x, 2);
                return x.tanh();
            case ActivationKind.Relu:
                return x.relu();
            case ActivationKind.Gelu:
                return nn.functional.gelu(x);
            case ActivationKind.Silu:
                return nn.functional.silu(x);
            default:
                throw new NotSupportedException($"{Kind} is not part of any random model.");
        }
    }

    public override string ToString() => Kind.ToString();
}

internal sealed record DropoutBlock(double Probability) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x) =>
        graph.Add(new DropoutNode(Probability, x, Location.None) { Shape = x.Shape });

    public override Tensor Run(TorchRecorder torch, Tensor x) => nn.functional.dropout(x, Probability, training: true);

    public override string ToString() => $"dropout({Probability:F1})";
}

/// <summary>Pooling over windows that do not overlap; the whole image where the window is null.</summary>
internal sealed record PoolingBlock(PoolingKind Kind, long? Window) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        long? Extent(int dimension) => Window is { } window ? x.Shape[dimension] / window : 1;
        var size = Window * Window ?? x.Shape[2] * x.Shape[3];
        return graph.Add(new PoolingNode(Kind, size, x, Location.None) { Shape = TensorShape.Of(x.Shape[0], x.Shape[1], Extent(2), Extent(3)) });
    }

    public override Tensor Run(TorchRecorder torch, Tensor x)
    {
        var window = Window ?? x.shape[2];
        return Kind is PoolingKind.Max ? nn.functional.max_pool2d(x, window) : nn.functional.avg_pool2d(x, window);
    }

    public override string ToString() => $"{Kind}Pool({Window})";
}

internal sealed record FlattenBlock : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x) =>
        graph.Add(new ReshapeNode(x, Location.None) { Shape = TensorShape.Of(x.Shape[0], x.Shape[1] * x.Shape[2] * x.Shape[3]) });

    public override Tensor Run(TorchRecorder torch, Tensor x) => x.flatten(1);

    public override string ToString() => "flatten";
}
