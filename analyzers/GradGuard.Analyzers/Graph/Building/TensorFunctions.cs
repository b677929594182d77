using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Functions of tensors that are not arithmetic; a module without weights does the same with the arguments it was created with.</summary>
internal sealed class TensorFunctions(NodeEmitter emitter, TensorCreation tensors)
{
    /// <summary>An operation with one tensor in. The result of one that also gives indices is a tuple.</summary>
    public Value? Unary(TorchOperation operation, IMethodSymbol? method, GraphNode input, ArgumentMap arguments, Location location, string path = "", string module = "", Location? creation = null)
    {
        GraphNode? node = operation switch
        {
            TorchOperation.Activation activation => Activation(activation, input, arguments, location, path, creation),
            TorchOperation.Elementwise elementwise => Elementwise(elementwise.Kind, method?.Name ?? "", input, arguments, location),
            TorchOperation.Dropout => emitter.Add(new DropoutNode(arguments.Number("p"), input, location)
            {
                TrainingLeftAtDefault = method is not null && arguments.IsLeftAtDefault("training"),
                Shape = input.Shape,
            }),
            TorchOperation.Normalization normalization =>
                emitter.Add(new NormalizationNode(normalization.Kind, null, input, location) { Shape = input.Shape }),
            TorchOperation.Pooling pooling => Pooling(pooling.Kind, method?.Name ?? module, input, arguments, location),
            TorchOperation.Reshape reshape => Reshape(reshape.Kind, method?.Name ?? "", input, arguments, location),
            TorchOperation.Reduction reduction => Reduce(reduction.Kind, input, arguments, location),
            TorchOperation.Identity => input,
            _ => null,
        };
        if (node is null)
            return null;
        return method?.ReturnType is INamedTypeSymbol { IsTupleType: true }
            ? new TupleValue([new TensorValue(node), new TensorValue(emitter.Add(new GradientCutNode(GradientCutKind.Argmax, input, location)))])
            : new TensorValue(node);
    }

    public GraphNode Transpose(GraphNode input, Location location) =>
        emitter.Reshape(input, ShapeRules.Swap(input.Shape, -1, -2), location, isTranspose: true);

    public Value? Product(ProductKind kind, Operands operands, Location location)
    {
        var nodes = operands.Tensors.Select(tensor => tensors.Node(tensor, location)).ToArray();
        if (nodes.Length < 2)
            return null;
        var (left, right) = kind is ProductKind.AddMatmul && nodes.Length > 2 ? (nodes[1], nodes[2]) : (nodes[0], nodes[1]);
        var product = kind switch
        {
            ProductKind.Linear => emitter.Product(
                left, right, left.Shape[-1] ?? right.Shape[-1], left.Shape.With(-1, right.Shape.Rank == 2 ? right.Shape[0] : null), location),
            ProductKind.Matmul or ProductKind.Batched or ProductKind.AddMatmul => emitter.Product(
                left, right, ShapeRules.InnerWidth(left.Shape, right.Shape), ShapeRules.Matmul(left.Shape, right.Shape), location),
            ProductKind.Dot => emitter.Product(left, right, left.Shape[-1] ?? right.Shape[-1], TensorShape.Of(), location),
            ProductKind.Outer => emitter.Product(left, right, 1, TensorShape.Of(left.Shape[0], right.Shape[0]), location),
            ProductKind.Convolution => emitter.Product(left, right, ReceptiveField(right.Shape), TensorShape.Unknown, location),
            ProductKind.Einsum => emitter.Product(
                left, right, EinsumWidth(operands.First?.AsText(), left.Shape, right.Shape), TensorShape.Unknown, location),
            _ => emitter.Product(left, right, null, TensorShape.Unknown, location),
        };
        var added = kind switch
        {
            ProductKind.AddMatmul when nodes.Length > 2 => nodes[0],
            ProductKind.Linear or ProductKind.Convolution or ProductKind.TransposedConvolution when nodes.Length > 2 => nodes[2],
            _ => null,
        };
        return new TensorValue(added is null ? product : emitter.Sum(product, added, isDifference: false, location));
    }

    public Value? Join(TorchOperation.Join join, Operands operands, Location location)
    {
        var nodes = operands.Tensors.Select(tensor => tensors.Node(tensor, location)).ToArray();
        if (nodes.Length == 0)
            return null;
        var dimension = operands.Arguments.Integer("dim") ?? 0;
        var shape = join.IsStack
            ? ShapeRules.Unsqueeze(nodes[0].Shape, dimension)
            : nodes.Skip(1).All(node => node.Shape.Rank == nodes[0].Shape.Rank)
                ? nodes[0].Shape.With((int)dimension, nodes.Aggregate((long?)0, (sum, node) => sum + node.Shape[(int)dimension]))
                : TensorShape.Unknown;
        return new TensorValue(emitter.Add(new ConcatNode(location, nodes) { Shape = shape }));
    }

    /// <summary>Equal parts share one node: where they were cut is not followed.</summary>
    public Value Split(GraphNode whole, Operands operands, Location location)
    {
        var part = new TensorValue(emitter.Reshape(whole, ShapeRules.Forget(whole.Shape), location, isSlice: true));
        return operands.Arguments.Integer("chunks") is { } chunks and > 0 and <= GraphLimits.UnrolledIterations
            ? new ListValue(new ListContent([.. Enumerable.Repeat<Value>(part, (int)chunks)]))
            : new ListValue(new ListContent(ImmutableArray<Value>.Empty) { Further = part });
    }

    public Value? Select(SelectKind kind, Value first, Operands operands, bool isMethod, Location location)
    {
        var all = operands.All;
        switch (kind)
        {
            case SelectKind.Where when all.Count >= 3:
                var (condition, chosen, other) = isMethod ? (all[1], first, all[2]) : (first, all[1], all[2]);
                var mask = tensors.Node(condition, location);
                var number = other.AsNumber();
                var taken = tensors.Node(chosen, location);
                var alternative = number is null ? tensors.Node(other, location) : null;
                var written = HandWrittenActivations.Where(emitter, mask, taken, alternative, number, location);
                return new TensorValue(written ?? emitter.Branch([taken, alternative ?? tensors.Node(other, location)], location));
            case SelectKind.MaskedFill or SelectKind.Triangle:
                var kept = tensors.Node(first, location);
                return new TensorValue(emitter.Add(new ReshapeNode(kept, location) { Shape = kept.Shape, IsMasked = kind is SelectKind.MaskedFill }));
            case SelectKind.Take:
                return new TensorValue(emitter.Reshape(tensors.Node(first, location), TensorShape.Unknown, location, isSlice: true));
            default:
                return null;
        }
    }

    private GraphNode Activation(TorchOperation.Activation activation, GraphNode input, ArgumentMap arguments, Location location, string path, Location? creation)
    {
        var parameter = activation.Argument is null ? null : arguments.Number(activation.Argument, "negval", "lambda") ?? Default(activation.Kind, arguments);
        return emitter.Activation(activation.Kind, input, location, parameter, arguments.Integer("dim"), path, creation);
    }

    /// <summary>The value a parametric activation has where the call takes no such argument.</summary>
    private static double? Default(ActivationKind kind, ArgumentMap arguments) => kind switch
    {
        ActivationKind.LeakyRelu when arguments["negative_slope"] is null => 0.01,
        ActivationKind.Elu or ActivationKind.Celu when arguments["alpha"] is null => 1,
        ActivationKind.Softplus when arguments["beta"] is null => 1,
        _ => null,
    };

    private GraphNode Elementwise(ElementwiseKind kind, string name, GraphNode input, ArgumentMap arguments, Location location)
    {
        switch (kind)
        {
            case ElementwiseKind.Clamp:
                var (low, high) = (arguments["min"], arguments["max"]);
                return emitter.Elementwise(kind, input, location, Bound(low, double.NegativeInfinity), Bound(high, double.PositiveInfinity));
            case ElementwiseKind.Log when name.StartsWith("log1p", StringComparison.Ordinal):
                return emitter.Elementwise(kind, emitter.Scale(input, 1, 1, location), location);
            case ElementwiseKind.Exp when name.StartsWith("expm1", StringComparison.Ordinal):
                return emitter.Scale(emitter.Elementwise(kind, input, location), 1, -1, location);
            case ElementwiseKind.Exp when name.StartsWith("exp2", StringComparison.Ordinal):
                return emitter.Elementwise(kind, emitter.Scale(input, Math.Log(2), 0, location), location);
            case ElementwiseKind.Normalize:
                return emitter.Elementwise(kind, input, location, arguments.Number("eps"));
            default:
                return emitter.Elementwise(kind, input, location);
        }
    }

    private static double? Bound(Value? bound, double absent) => bound is null || bound.IsNull() ? absent : bound.AsNumber();

    private GraphNode Pooling(PoolingKind kind, string name, GraphNode input, ArgumentMap arguments, Location location)
    {
        var kernel = arguments["kernel_size"]?.AsExtents();
        var output = arguments["output_size"]?.AsExtents();
        var dimensions = DimensionsOf(name);
        var stride = Given(arguments["stride", "strides"]) ?? kernel;
        var padding = Given(arguments["padding"]) ?? [0];
        var shape = output is not null ? ShapeRules.Spatial(input.Shape, null, dimensions, (index, _) => At(output, index))
            : kernel is not null ? ShapeRules.Spatial(input.Shape, null, dimensions, (index, extent) =>
                ShapeRules.Window(extent, At(kernel, index), At(stride!, index), At(padding, index), 1))
            : TensorShape.Unknown;
        double? window = kernel is null ? Covered(input.Shape, shape, dimensions)
            : kernel.Count == 1 && dimensions > 1 ? Math.Pow(kernel[0] ?? double.NaN, dimensions)
            : kernel.Aggregate((double?)1, (product, extent) => product * extent);
        return emitter.Add(new PoolingNode(kind, window is double.NaN ? null : window, input, location) { Shape = shape });
    }

    /// <summary>Inputs per output of an adaptive pooling, where both extents are known.</summary>
    private static double? Covered(TensorShape before, TensorShape after, int dimensions) =>
        Enumerable.Range(1, dimensions).Aggregate((double?)1, (product, back) => after[-back] is > 0 and var outputs ? product * before[-back] / outputs : null);

    /// <summary>The digit that the name of a pooling or convolution ends in before its "d".</summary>
    private static int DimensionsOf(string name) => name.FirstOrDefault(char.IsDigit) is var digit and not '\0' ? digit - '0' : 1;

    private static IReadOnlyList<long?>? Given(Value? value) => value is null || value.IsNull() ? null : value.AsExtents();

    private static long? At(IReadOnlyList<long?> extents, int index) => extents.Count == 1 ? extents[0] : index < extents.Count ? extents[index] : null;

    private GraphNode Reduce(ReductionKind kind, GraphNode input, ArgumentMap arguments, Location location)
    {
        var given = arguments["dim", "dims", "dimensions", "dim0"];
        var dimensions = given is null || given.IsNull() ? null : given.AsExtents();
        var keeps = arguments.Truth("keepdim") is true;
        if (kind is ReductionKind.Mean or ReductionKind.Sum && dimensions?.Count > 1 && input.Shape.Rank is not null && dimensions.All(each => each is not null))
            return ReduceInTurn(kind, input, dimensions, keeps, location);
        long? dimension = dimensions is [{ } only] ? only : null;
        var isTotal = given is null || given.IsNull();
        var count = isTotal ? ShapeRules.Total(input.Shape) : dimension is { } d ? input.Shape[(int)d] : null;
        var shape = isTotal ? TensorShape.Of()
            : dimension is null ? TensorShape.Unknown
            : keeps ? input.Shape.With((int)dimension, 1) : ShapeRules.Without(input.Shape, dimension);
        return emitter.Add(new ReductionNode(kind, input, location) { Count = count, Dimension = dimension, Shape = shape });
    }

    /// <summary>A mean or sum over several dimensions is one over each of them.</summary>
    private GraphNode ReduceInTurn(ReductionKind kind, GraphNode input, IReadOnlyList<long?> dimensions, bool keeps, Location location)
    {
        var (node, rank) = (input, input.Shape.Rank!.Value);
        var taken = dimensions.Select(dimension => dimension!.Value < 0 ? dimension.Value + rank : dimension.Value).Distinct().OrderByDescending(index => index).ToArray();
        var left = keeps ? TensorShape.Unknown : taken.Aggregate(input.Shape, (shape, index) => ShapeRules.Without(shape, index));
        foreach (var index in taken)
        {
            var kept = node.Shape.With((int)index, 1);
            var shape = keeps || index != taken[taken.Length - 1] ? kept : left;
            node = emitter.Add(new ReductionNode(kind, node, location) { Count = node.Shape[(int)index], Dimension = index, Shape = shape });
        }
        return node;
    }

    private GraphNode Reshape(ReshapeKind kind, string name, GraphNode input, ArgumentMap arguments, Location location)
    {
        var shape = input.Shape;
        switch (kind)
        {
            case ReshapeKind.View:
                var asked = arguments["shape"]?.AsExtents();
                return emitter.Reshape(input, asked is null ? TensorShape.Unknown : ShapeRules.View(shape, asked), location);
            case ReshapeKind.Flatten:
                var start = arguments["start_dim"] is { } first ? first.AsInteger() : 0;
                return emitter.Reshape(input, ShapeRules.Flatten(shape, start, arguments["end_dim"] is { } last ? last.AsInteger() : -1), location);
            case ReshapeKind.MatrixTranspose:
                return Transpose(input, location);
            case ReshapeKind.Transpose:
                var (a, b) = (arguments.Integer("dim0", "axis0"), arguments.Integer("dim1", "axis1"));
                var isLast = (a, b) is (-1, -2) or (-2, -1) || (shape.Rank is 2 && a is 0 or 1) || ((a, b) is (0, 1) or (1, 0) && shape.Rank is null && input is TensorNode);
                return emitter.Reshape(input, ShapeRules.Swap(shape, a, b), location, isTranspose: isLast);
            case ReshapeKind.Permute:
                var order = arguments["permutation", "dims"]?.AsExtents();
                return emitter.Reshape(input, order is null ? TensorShape.Unknown : ShapeRules.Permute(shape, order), location);
            case ReshapeKind.Squeeze:
                return emitter.Reshape(input, ShapeRules.Without(shape, arguments.Integer("dim")), location);
            case ReshapeKind.Unsqueeze:
                return emitter.Reshape(input, ShapeRules.Unsqueeze(shape, arguments.Integer("dim")), location);
            case ReshapeKind.Slice:
                return emitter.Reshape(
                    input, name is "select" ? ShapeRules.Without(shape, arguments.Integer("dim")) : TensorShape.Unknown, location, isSlice: true);
            default:
                return emitter.Reshape(input, TensorShape.Unknown, location);
        }
    }

    private static double? ReceptiveField(TensorShape weight) =>
        weight.Extents is { } extents ? extents.Skip(1).Aggregate((double?)1, (product, extent) => product * extent) : null;

    /// <summary>The extent summed over: that of the letters both operands share and the result lacks.</summary>
    private static double? EinsumWidth(string? equation, TensorShape left, TensorShape right)
    {
        var sides = equation?.Replace(" ", "").Split(["->"], StringSplitOptions.None);
        var inputs = sides?[0].Split(',');
        if (sides is not { Length: 2 } || inputs is not { Length: 2 })
            return null;
        double? width = 1;
        foreach (var letter in inputs[0].Where(letter => inputs[1].Contains(letter) && !sides[1].Contains(letter)))
            width *= left[inputs[0].IndexOf(letter)] ?? right[inputs[1].IndexOf(letter)];
        return width;
    }
}
