using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>What the source says of attention, transformer blocks, and reductions behind them.</summary>
public class AttentionTests
{
    [Theory]
    [InlineData("TransformerEncoderLayer(64, 4)", 2048, ActivationKind.Relu, 0.1)]
    [InlineData("TransformerEncoderLayer(64, 4, dim_feedforward: 128, dropout: 0, activation: nn.Activations.GELU)", 128, ActivationKind.Gelu, 0.0)]
    internal void ABlocksInnerWidthActivationAndDropoutComeFromItsArguments(string creation, long hidden, ActivationKind activation, double dropout)
    {
        var layer = Assert.Single(Build.Forward($"readonly TransformerEncoderLayer block = {creation};", "return block.call(x);").Layers);

        Assert.Equal((64L, hidden), (layer.InFeatures, layer.FeedForward));
        Assert.Equal((activation, dropout), (layer.FeedForwardActivation, layer.Dropout));
    }

    [Fact]
    public void AnEncoderRepeatsItsBlock()
    {
        var graph = Build.Forward(
            "readonly TransformerEncoder encoder = TransformerEncoder(TransformerEncoderLayer(64, 4, 128), 3);", "return encoder.call(x);");
        var layer = graph.Layers.Single(layer => layer.Kind is LayerKind.TransformerEncoder);

        Assert.Equal((3L, 128L, ActivationKind.Relu), (layer.Depth, layer.FeedForward, layer.FeedForwardActivation));
    }

    [Theory]
    [InlineData("functional.scaled_dot_product_attention(x, x, x)", false)]
    [InlineData("functional.scaled_dot_product_attention(x, x, x, is_casual: true)", true)]
    [InlineData("functional.scaled_dot_product_attention(x, x, x, attn_mask: x)", true)]
    public void AMaskIsSeen(string attention, bool isMasked) =>
        Assert.Equal(isMasked, Build.Forward("", $"return {attention};").Nodes.OfType<AttentionNode>().Single().IsMasked);

    [Fact]
    public void AKeyWidthOfItsOwnChangesTheWeightsToAnUnknownLaw()
    {
        var graph = Build.Forward("readonly MultiheadAttention a = MultiheadAttention(16, 4, kdim: 8);", "return a.call(x, x, x).Item1;");

        Assert.IsType<WeightDistribution.Unknown>(graph.Layers.Single().Weight.Distribution);
    }

    [Fact]
    public void ATransformerClassifierIsPredictedFromEndToEnd()
    {
        var graph = Build.Forward(
            """
            readonly Linear embed = Linear(20, 64);
            readonly TransformerEncoder encoder = TransformerEncoder(TransformerEncoderLayer(64, 4, 128), 3);
            readonly Linear head = Linear(64, 10);
            """,
            "return head.call(encoder.call(embed.call(x.view(16, 8, 20))).mean(new long[] { 0 }));");
        var report = SignalReport.Compute(graph);

        Assert.InRange(report.GradientRatio!.Value, 0.001, 10);
        Assert.Equal(TensorShape.Of(8, 10).ToString(), graph.Outputs[0].Shape.ToString());
    }

    [Fact]
    public void AMeanOverAnImageIsOneOverItsRowsAndColumns()
    {
        var graph = Build.Forward("", "return x.view(8, 16, 6, 4).mean(new long[] { 2, 3 });");

        Assert.Equal([4.0, 6.0], graph.Nodes.OfType<ReductionNode>().Select(node => node.Count!.Value));
        Assert.Equal("[8, 16]", graph.Outputs[0].Shape.ToString());
    }

    [Fact]
    public void AnAdaptivePoolingOfAKnownImageHasAKnownWindow()
    {
        var graph = Build.Forward("readonly AdaptiveAvgPool2d pool = AdaptiveAvgPool2d(2);", "return pool.call(x.view(8, 16, 6, 4));");

        Assert.Equal(6, graph.Nodes.OfType<PoolingNode>().Single().WindowSize);
    }
}
