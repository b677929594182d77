using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Prediction;

internal sealed record LinearBlock(long In, long Out, WeightLaw Law) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        var layer = new Layer("fc", LayerKind.Linear, Location.None)
        {
            InFeatures = In,
            OutFeatures = Out,
            Weight = GraphRecorder.Init(Law.Distribution),
            Bias = GraphRecorder.Init(new WeightDistribution.FanInUniform(1)),
        };
        var node = graph.Add(new AffineNode(layer, x, Location.None) { Shape = x.Shape.With(-1, Out) });
        graph.Observed.Add(node);
        return node;
    }

    public override Tensor Run(TorchRecorder torch, Tensor x)
    {
        var layer = nn.Linear(In, Out, dtype: ScalarType.Float64);
        Law.Draw?.Invoke(layer.weight!);
        return torch.Observe(layer.call(x));
    }

    public override string ToString() => $"linear({In},{Out},{Law.Name})";
}

internal sealed record ConvolutionBlock(long In, long Out, long Kernel, long Stride, WeightLaw Law) : Block
{
    private long Padding => Kernel / 2;

    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        var layer = new Layer("conv", LayerKind.Convolution, Location.None)
        {
            InFeatures = In,
            OutFeatures = Out,
            Kernel = [Kernel, Kernel],
            Stride = [Stride, Stride],
            Padding = [Padding, Padding],
            Dilation = [1, 1],
            Weight = GraphRecorder.Init(Law.Distribution),
            Bias = GraphRecorder.Init(new WeightDistribution.FanInUniform(1)),
        };
        long? Extent(int dimension) => ((x.Shape[dimension] + (2 * Padding) - Kernel) / Stride) + 1;
        var node = graph.Add(new AffineNode(layer, x, Location.None) { Shape = TensorShape.Of(x.Shape[0], Out, Extent(2), Extent(3)) });
        graph.Observed.Add(node);
        return node;
    }

    public override Tensor Run(TorchRecorder torch, Tensor x)
    {
        var layer = nn.Conv2d(In, Out, Kernel, Stride, Padding, dtype: ScalarType.Float64);
        Law.Draw?.Invoke(layer.weight!);
        return torch.Observe(layer.call(x));
    }

    public override string ToString() => $"conv({In},{Out},{Kernel},s{Stride},{Law.Name})";
}

internal sealed record NormalizationBlock(NormalizationKind Kind, long Features, long Groups) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        var layer = new Layer("norm", LayerKind.Normalization, Location.None)
        {
            InFeatures = Features,
            Groups = Groups,
            Weight = GraphRecorder.Init(new WeightDistribution.Constant(1)),
            Bias = GraphRecorder.Init(new WeightDistribution.Constant(0)),
        };
        return graph.Add(new NormalizationNode(Kind, layer, x, Location.None) { Shape = x.Shape });
    }

    public override Tensor Run(TorchRecorder torch, Tensor x) => Kind switch
    {
        NormalizationKind.Batch when x.dim() == 4 => nn.BatchNorm2d(Features, dtype: ScalarType.Float64).call(x),
        NormalizationKind.Batch => nn.BatchNorm1d(Features, dtype: ScalarType.Float64).call(x),
        NormalizationKind.Group => Initialized(nn.GroupNorm(Groups, Features, dtype: ScalarType.Float64)).call(x),
        NormalizationKind.Layer => nn.LayerNorm(Features, dtype: ScalarType.Float64).call(x),
        _ => throw new NotSupportedException($"{Kind} is not part of any random model."),
    };

    public override string ToString() => $"{Kind}Norm";

    /// <summary>TorchSharp 0.107 leaves the scale and shift of a GroupNorm as uninitialised memory; every other library starts them at 1 and 0.</summary>
    private static TorchSharp.Modules.GroupNorm Initialized(TorchSharp.Modules.GroupNorm norm)
    {
        nn.init.ones_(norm.weight);
        nn.init.zeros_(norm.bias!);
        return norm;
    }
}

internal sealed record RecurrentBlock(LayerKind Kind, long In, long Hidden, long Steps, WeightLaw RecurrentLaw) : Block
{
    public override GraphNode Describe(GraphRecorder graph, GraphNode x)
    {
        var layer = new Layer("rnn", Kind, Location.None)
        {
            InFeatures = In,
            OutFeatures = Hidden,
            Weight = GraphRecorder.Init(new WeightDistribution.FanInUniform(1)),
            RecurrentWeight = GraphRecorder.Init(RecurrentLaw.Distribution),
            Bias = GraphRecorder.Init(new WeightDistribution.FanInUniform(1)),
        };
        var node = graph.Add(new RecurrentLayerNode(layer, x, Location.None) { Steps = Steps });
        return graph.Add(new TupleItemNode(1, node, Location.None) { Shape = TensorShape.Of(x.Shape[0], Hidden) });
    }

    public override Tensor Run(TorchRecorder torch, Tensor x)
    {
        nn.Module module = Kind switch
        {
            LayerKind.Rnn => nn.RNN(In, Hidden, batchFirst: true, dtype: ScalarType.Float64),
            LayerKind.Gru => nn.GRU(In, Hidden, batchFirst: true, dtype: ScalarType.Float64),
            _ => nn.LSTM(In, Hidden, batchFirst: true, dtype: ScalarType.Float64),
        };
        RecurrentLaw.Draw?.Invoke(module.get_parameter("weight_hh_l0")!);
        var state = module switch
        {
            TorchSharp.Modules.RNN rnn => rnn.call(x).Item2,
            TorchSharp.Modules.GRU gru => gru.call(x).Item2,
            TorchSharp.Modules.LSTM lstm => lstm.call(x).Item2,
            _ => throw new NotSupportedException($"{Kind} is not part of any random model."),
        };
        return state.squeeze(0);
    }

    public override string ToString() => $"{Kind}({In},{Hidden},T{Steps},{RecurrentLaw.Name})";
}
