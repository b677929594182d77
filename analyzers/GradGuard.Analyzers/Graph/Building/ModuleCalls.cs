using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Creates TorchSharp's own modules and calls them.</summary>
internal sealed class ModuleCalls(NodeEmitter emitter, TensorCreation tensors, TensorFunctions functions)
{
    public ModuleValue Create(TorchOperation operation, ITypeSymbol type, ArgumentMap arguments, IOperation at)
    {
        var layer = LayerCreation.Of(operation, type, arguments, at.Syntax.GetLocation());
        if (layer is not null)
            emitter.Add(layer);
        return new ModuleValue(operation, arguments, layer, type, at.Syntax.GetLocation());
    }

    /// <param name="module">The module.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="at">The call.</param>
    /// <param name="isInSequence">True where the call is that of a <c>Sequential</c> around it.</param>
    public Value Call(ModuleValue module, ArgumentMap arguments, IOperation at, bool isInSequence = false)
    {
        var location = at.Syntax.GetLocation();
        var input = tensors.Node(arguments.At(0) ?? ConstantValue.Null, location);
        switch (module.Operation)
        {
            case TorchOperation.Layer { Kind: var kind } when module.Layer is { } layer:
                return CallLayer(kind, layer, module, input, arguments, location);
            case TorchOperation.Normalization normalization:
                return new TensorValue(emitter.Add(new NormalizationNode(normalization.Kind, module.Layer, input, location) { Shape = input.Shape }));
            case TorchOperation.Loss loss:
                var further = new Operands(null, new([.. arguments.All.Skip(1)])).Tensors.Select(tensor => tensors.Node(tensor, location));
                return new TensorValue(emitter.Add(new LossNode(loss.Kind, location, [input, .. further]) { Shape = TensorShape.Of() }));
            default:
                return functions.Unary(module.Operation, null, input, module.Arguments, location, module.Path, module.Type.Name, isInSequence ? module.Location : null)
                    ?? new TensorValue(emitter.Unknown($"{module.Type.Name} is not modelled", location, input));
        }
    }

    private Value CallLayer(LayerKind kind, Layer layer, ModuleValue module, GraphNode input, ArgumentMap arguments, Location location)
    {
        switch (kind)
        {
            case LayerKind.Linear:
                return new TensorValue(emitter.Add(new AffineNode(layer, input, location) { Shape = input.Shape.With(-1, layer.OutFeatures) }));
            case LayerKind.Bilinear:
                var second = tensors.Node(arguments.At(1) ?? ConstantValue.Null, location);
                return new TensorValue(emitter.Add(new AffineNode(layer, location, input, second) { Shape = input.Shape.With(-1, layer.OutFeatures) }));
            case LayerKind.Convolution:
                return new TensorValue(emitter.Add(new AffineNode(layer, input, location) { Shape = Convolved(layer, input.Shape) }));
            case LayerKind.TransposedConvolution:
                return new TensorValue(emitter.Add(new AffineNode(layer, input, location)
                {
                    Shape = ShapeRules.Spatial(input.Shape, layer.OutFeatures, layer.Kernel.Length, (_, _) => null),
                }));
            case LayerKind.Embedding:
                var shape = input.Shape.Extents is { } extents ? ShapeRules.Of(extents.Append(layer.OutFeatures)) : TensorShape.EndingIn(layer.OutFeatures);
                return new TensorValue(emitter.Add(new EmbeddingNode(layer, input, location) { Shape = shape }));
            case LayerKind.Rnn or LayerKind.Lstm or LayerKind.Gru:
                return CallRecurrent(kind, layer, module, input, arguments, location);
            case LayerKind.RnnCell or LayerKind.GruCell or LayerKind.LstmCell:
                return CallCell(kind, layer, module, input, arguments, location);
            default:
                return CallAttention(kind, layer, input, arguments, location);
        }
    }

    private TupleValue CallRecurrent(LayerKind kind, Layer layer, ModuleValue module, GraphNode input, ArgumentMap arguments, Location location)
    {
        var isBatchFirst = module.Arguments.Truth("batchFirst");
        var steps = input.Shape.Rank is 3 && isBatchFirst is { } batch ? input.Shape[batch ? 1 : 0] : null;
        var width = layer.Bidirectional ? 2 * layer.OutFeatures : layer.OutFeatures;
        var node = emitter.Add(new RecurrentLayerNode(layer, location, [input, .. State(arguments, location)])
        {
            Steps = steps,
            UsesRelu = UsesRelu(module),
            Shape = input.Shape.With(-1, width),
        });
        var results = Enumerable.Range(0, kind is LayerKind.Lstm ? 3 : 2)
            .Select(index => emitter.Add(new TupleItemNode(index, node, location) { Shape = index == 0 ? node.Shape : TensorShape.EndingIn(layer.OutFeatures) }));
        return new TupleValue([.. results.Select(item => new TensorValue(item))]);
    }

    private Value CallCell(LayerKind kind, Layer layer, ModuleValue module, GraphNode input, ArgumentMap arguments, Location location)
    {
        var node = emitter.Add(new RecurrentLayerNode(layer, location, [input, .. State(arguments, location)])
        {
            Steps = 1,
            UsesRelu = UsesRelu(module),
            Shape = input.Shape.With(-1, layer.OutFeatures),
        });
        if (kind is not LayerKind.LstmCell)
            return new TensorValue(node);
        var results = new[] { 1, 2 }.Select(index => emitter.Add(new TupleItemNode(index, node, location) { Shape = node.Shape }));
        return new TupleValue([.. results.Select(item => new TensorValue(item))]);
    }

    private Value CallAttention(LayerKind kind, Layer layer, GraphNode input, ArgumentMap arguments, Location location)
    {
        var taken = kind switch
        {
            LayerKind.Attention => 3,
            LayerKind.TransformerEncoder or LayerKind.TransformerEncoderLayer => 1,
            _ => 2,
        };
        var given = arguments.All.Take(taken).Select(argument => tensors.Node(argument.Value, location)).ToArray();
        var node = emitter.Add(new AttentionNode(layer, location, given.Length == 0 ? [input] : given)
        {
            IsMasked = arguments["attn_mask", "src_mask"].IsGiven() || arguments["key_padding_mask", "src_key_padding_mask"].IsGiven(),
            Shape = input.Shape,
        });
        return kind is LayerKind.Attention
            ? new TupleValue([new TensorValue(node), new TensorValue(emitter.Add(new TupleItemNode(1, node, location)))])
            : new TensorValue(node);
    }

    private IEnumerable<GraphNode> State(ArgumentMap arguments, Location location) =>
        new Operands(null, new([.. arguments.All.Skip(1)])).Tensors.Select(tensor => tensors.Node(tensor, location));

    /// <summary><c>NonLinearities.ReLU</c> is 0, <c>Tanh</c> 1.</summary>
    private static bool UsesRelu(ModuleValue module) => module.Arguments["nonLinearity"] is { } choice && choice.AsInteger() == 0;

    private static TensorShape Convolved(Layer layer, TensorShape input) =>
        ShapeRules.Spatial(input, layer.OutFeatures, layer.Kernel.Length, (index, extent) => ShapeRules.Window(
            extent, layer.Kernel[index], layer.Stride[index], layer.Padding[index], layer.Dilation[index]));
}
