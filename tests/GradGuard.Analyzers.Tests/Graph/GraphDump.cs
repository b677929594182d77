using System.Globalization;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>A graph as one line of nested calls per output: <c>Sigmoid(fc1(x))</c>. Layers go by path, inputs by name.</summary>
internal static class GraphDump
{
    public static string Outputs(ModelGraph graph) => string.Join("; ", graph.Outputs.Select(Of));

    /// <summary>Layers with width and first values: <c>fc1 Linear 784→128 FanInUniform(1)</c>.</summary>
    public static string Layers(ModelGraph graph) => string.Join("; ", graph.Layers.Select(Of));

    public static string Of(GraphNode node) => node switch
    {
        InputNode input => input.Name.Length > 0 ? input.Name : "data",
        TensorNode tensor => tensor.Layer.Path.Length > 0 ? tensor.Layer.Path : Law(tensor.Layer.Weight),
        UnknownNode unknown => $"Unknown[{unknown.Reason}]({Inputs(node)})",
        AffineNode affine => $"{Name(affine.Layer)}({Inputs(node)})",
        RecurrentLayerNode recurrent => $"{Name(recurrent.Layer)}[{recurrent.Steps?.ToString(CultureInfo.InvariantCulture) ?? "?"}]({Inputs(node)})",
        EmbeddingNode embedding => $"{Name(embedding.Layer)}({Inputs(node)})",
        AttentionNode attention => $"{(attention.Layer is null ? "Attention" : Name(attention.Layer))}({Inputs(node)})",
        NormalizationNode normalization => $"{(normalization.Layer is null ? normalization.Kind : Name(normalization.Layer))}({Inputs(node)})",
        TupleItemNode item => $"{Of(item.Input)}#{item.Index}",
        DropoutNode dropout => $"Dropout[{Number(dropout.Probability)}]({Inputs(node)})",
        PoolingNode pooling => $"{pooling.Kind}Pool[{Number(pooling.WindowSize)}]({Inputs(node)})",
        ActivationNode activation => $"{activation.Kind}{(activation.IsHandWritten ? "'" : "")}{(activation.Parameter is null ? "" : $"[{Number(activation.Parameter)}]")}({Inputs(node)})",
        ProductNode product => $"Product[{Number(product.InnerWidth)}]({Inputs(node)})",
        AddNode add => $"({Of(add.Inputs[0])} {(add.IsDifference ? "-" : "+")} {Of(add.Inputs[1])})",
        MultiplyNode => $"({Of(node.Inputs[0])} * {Of(node.Inputs[1])})",
        DivideNode => $"({Of(node.Inputs[0])} / {Of(node.Inputs[1])})",
        ScaleNode scale => $"Scale[{Number(scale.Factor)}, {Number(scale.Offset)}]({Inputs(node)})",
        ElementwiseNode elementwise => $"{elementwise.Kind}{(elementwise.Low is null ? "" : $"[{Number(elementwise.Low)}]")}({Inputs(node)})",
        ReductionNode reduction => $"{reduction.Kind}({Inputs(node)})",
        ReshapeNode { IsTranspose: true } => $"{Of(node.Input)}ᵀ",
        ReshapeNode { IsSlice: true } => $"{Of(node.Input)}[…]",
        ReshapeNode => $"Reshape({Inputs(node)})",
        ConcatNode => $"Concat({Inputs(node)})",
        BranchNode => $"Branch({Inputs(node)})",
        CarriedNode => "carried",
        RecurrenceNode recurrence =>
            $"Recurrence[{recurrence.Steps?.ToString(CultureInfo.InvariantCulture) ?? "?"}]({Of(recurrence.Carried.Input)} => {Of(recurrence.Body)})",
        GradientCutNode cut => $"Cut[{cut.Kind}]({Inputs(node)})",
        LossNode loss => $"{loss.Kind}({Inputs(node)})",
        _ => throw new InvalidOperationException($"no dump for {node.GetType().Name}"),
    };

    public static string Law(Initialization? initialization) => initialization?.Distribution switch
    {
        null => "none",
        WeightDistribution.Constant law => $"{Number(law.Value)}",
        WeightDistribution.Normal law => $"Normal({Number(law.Mean)}, {Number(law.Std)})",
        WeightDistribution.Uniform law => $"Uniform({Number(law.Low)}, {Number(law.High)})",
        WeightDistribution.Xavier law => $"Xavier({Number(law.Gain)})",
        WeightDistribution.Kaiming law => $"Kaiming({Number(law.Gain)}, {(law.FanOut ? "out" : "in")})",
        WeightDistribution.Orthogonal law => $"Orthogonal({Number(law.Gain)})",
        WeightDistribution.FanInUniform => "Default",
        WeightDistribution.Scaled law => $"{Number(law.Factor)}·{Law(initialization with { Distribution = law.Inner })}",
        WeightDistribution.Unknown => "Unknown",
        var law => law.GetType().Name,
    };

    private static string Of(Layer layer) =>
        $"{Name(layer)} {layer.Kind} {layer.InFeatures?.ToString(CultureInfo.InvariantCulture) ?? "?"}→{layer.OutFeatures?.ToString(CultureInfo.InvariantCulture) ?? "?"} {Law(layer.Weight)}";

    private static string Name(Layer layer) => layer.Path.Length > 0 ? layer.Path : layer.Kind.ToString();

    private static string Inputs(GraphNode node) => string.Join(", ", node.Inputs.Select(Of));

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "?";
}
