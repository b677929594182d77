using GradGuard.Analyzers.Graph;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Prediction;

/// <summary>A piece of a random model: once as nodes of a graph, once as TorchSharp's own computation with freshly drawn weights.</summary>
internal abstract record Block
{
    public abstract GraphNode Describe(GraphRecorder graph, GraphNode x);

    public abstract Tensor Run(TorchRecorder torch, Tensor x);
}

internal sealed record Chain(IReadOnlyList<Block> Blocks) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x) => Blocks.Aggregate(x, (value, block) => block.Describe(graph, value));

    public override Tensor Run(TorchRecorder torch, Tensor x) => Blocks.Aggregate(x, (value, block) => block.Run(torch, value));

    public override string ToString() => string.Join(" ", Blocks);
}

/// <summary>x + f(x).</summary>
internal sealed record Residual(Block Branch) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x) =>
        graph.Add(new AddNode(x, Branch.Describe(graph, x), Microsoft.CodeAnalysis.Location.None) { Shape = x.Shape });

    public override Tensor Run(TorchRecorder torch, Tensor x) => x + Branch.Run(torch, x);

    public override string ToString() => $"x+({Branch})";
}
