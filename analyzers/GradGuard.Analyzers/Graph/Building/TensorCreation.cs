using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Tensors the program makes itself, and any value taken as a tensor.</summary>
internal sealed class TensorCreation(NodeEmitter emitter, WeightInitializers initializers)
{
    private static readonly string[] NotExtents = ["value", "mean", "std", "dtype", "device", "requires_grad", "generator", "names", "input", "type"];

    /// <summary>The node of a value used as a tensor: an unknown becomes an Unknown node, a number a constant.</summary>
    public GraphNode Node(Value value, Location location)
    {
        switch (value)
        {
            case TensorValue tensor:
                return tensor.Node;
            case WeightValue weight:
                return emitter.Add(new TensorNode(weight.Layer, isParameter: true, location) { Shape = ShapeOf(weight) });
            case ConstantValue when value.AsNumber() is { } number:
                return Constant(number, location);
            case UnknownValue unknown:
                return emitter.Unknown(unknown.Reason, unknown.Location);
            case TupleValue { Items: [TensorValue first, ..] }:
                return first.Node;
            default:
                return emitter.Unknown("not a tensor", location);
        }
    }

    public Value Create(CreationKind kind, string name, Operands operands, Location location)
    {
        var arguments = operands.Arguments;
        if (kind is CreationKind.Data)
            return Data(operands, location);
        var shape = Shape(operands);
        WeightDistribution? law = kind switch
        {
            CreationKind.Zeros => new WeightDistribution.Constant(0),
            CreationKind.Ones => new WeightDistribution.Constant(1),
            CreationKind.Full when arguments.Number("value") is { } value => new WeightDistribution.Constant(value),
            CreationKind.Randn => new WeightDistribution.Normal(0, 1),
            CreationKind.Rand => new WeightDistribution.Uniform(0, 1),
            CreationKind.Normal when arguments.Number("mean") is { } mean && arguments.Number("std") is { } std => new WeightDistribution.Normal(mean, std),
            CreationKind.Identity => new WeightDistribution.Identity(),
            _ => null,
        };
        var initialization = new Initialization(law ?? WeightDistribution.Unknown.Instance, location, IsDefault: false) { Initializer = name };
        return new TensorValue(Tensor(shape, initialization, arguments.Truth("requires_grad") is true, location));
    }

    /// <summary>A parameter that starts with the values of <paramref name="data"/>.</summary>
    public Value Parameter(Value data, bool isTrained, Location location)
    {
        var source = Node(data, location);
        var initialization = initializers.InitializationOf(source) ?? new Initialization(WeightDistribution.Unknown.Instance, location, IsDefault: false);
        for (var node = source; node is TensorNode or ScaleNode or ReshapeNode; node = node.Inputs.FirstOrDefault())
            emitter.Absorb(node);
        return new TensorValue(Tensor(source.Shape, initialization, isTrained, location));
    }

    /// <summary>Part of a tensor: <c>x[…]</c>, <c>select</c>.</summary>
    public GraphNode Slice(GraphNode input, ImmutableArray<Value> indices, Location location)
    {
        var shape = input.Shape;
        if (indices.All(index => index is IndexValue or ConstantValue { Content: int or long }))
            shape = indices.Aggregate(shape, (remaining, _) => ShapeRules.Without(remaining, 0));
        else
            shape = TensorShape.Unknown;
        return emitter.Reshape(input, shape, location, isSlice: true);
    }

    private TensorNode Tensor(TensorShape shape, Initialization initialization, bool isParameter, Location location)
    {
        var layer = new Layer("", LayerKind.Parameter, location)
        {
            InFeatures = shape[1] ?? shape[0],
            OutFeatures = shape[0],
            Weight = initialization,
        };
        if (isParameter)
            emitter.Add(layer);
        return emitter.Add(new TensorNode(layer, isParameter, location) { Shape = shape });
    }

    private GraphNode Constant(double number, Location location)
    {
        var initialization = new Initialization(new WeightDistribution.Constant(number), location, IsDefault: false);
        return Tensor(TensorShape.Of(), initialization, isParameter: false, location);
    }

    /// <summary>A tensor of numbers that are data: one number is a constant, numbers read out of a tensor are cut off from it, anything else is an input.</summary>
    private Value Data(Operands operands, Location location)
    {
        if (operands.First is ConstantValue { Content: not (null or string) } number && operands.Arguments.All.Count(argument => !argument.IsDefault) == 1)
            return number;
        GraphNode node = ReadFrom(operands.First) is { } source
            ? new GradientCutNode(GradientCutKind.NewTensor, source, location)
            : new InputNode("", location) { IsData = true };
        node.RequiresGradient = operands.Arguments["requires_grad"] is { } asked && asked.AsTruth() is not false;
        return new TensorValue(emitter.Add(node));
    }

    private static GraphNode? ReadFrom(Value? numbers) => numbers switch
    {
        UnknownValue unknown => unknown.ReadFrom,
        ListValue list => list.Content.Items.Append(list.Content.Further).Select(ReadFrom).FirstOrDefault(source => source is not null),
        _ => null,
    };

    /// <summary>The shape asked for: <c>zeros(3, 4)</c>, <c>zeros(new long[] { 3, 4 })</c>, <c>zeros_like(x)</c>.</summary>
    private static TensorShape Shape(Operands operands)
    {
        if (operands.First is TensorValue like)
            return like.Node.Shape;
        var extents = new List<long?>();
        foreach (var (parameter, value, isDefault) in operands.Arguments.All)
        {
            if (isDefault || NotExtents.Contains(parameter.Name))
                continue;
            if (value.AsExtents() is not { } given)
                return TensorShape.Unknown;
            extents.AddRange(given);
        }

        return extents.Count == 0 ? TensorShape.Unknown : ShapeRules.Of(extents);
    }

    /// <summary>[out, in / groups, kernel …] of a weight, [out] of a bias, [gates·hidden, …] unknown.</summary>
    private static TensorShape ShapeOf(WeightValue weight)
    {
        var layer = weight.Layer;
        if (weight.Role is WeightRole.Bias)
            return TensorShape.Of(layer.OutFeatures);
        return layer.Kind switch
        {
            LayerKind.Linear => TensorShape.Of(layer.OutFeatures, layer.InFeatures),
            LayerKind.Embedding => TensorShape.Of(layer.InFeatures, layer.OutFeatures),
            LayerKind.Convolution => ShapeRules.Of(layer.Kernel.Insert(0, layer.InFeatures / layer.Groups).Insert(0, layer.OutFeatures)),
            _ => TensorShape.Unknown,
        };
    }
}
