using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Turns calls into TorchSharp into nodes, layers and first values.</summary>
internal sealed class TorchCalls
{
    private readonly TorchSymbols _symbols;
    private readonly NodeEmitter _emitter;

    public TorchCalls(TorchSymbols symbols, NodeEmitter emitter, Store store)
    {
        _symbols = symbols;
        _emitter = emitter;
        Initializers = new WeightInitializers(store);
        Tensors = new TensorCreation(emitter, Initializers);
        Arithmetic = new TensorArithmetic(emitter, Tensors);
        Functions = new TensorFunctions(emitter, Tensors);
        Modules = new ModuleCalls(emitter, Tensors, Functions);
    }

    public WeightInitializers Initializers { get; }

    public TensorCreation Tensors { get; }

    public TensorArithmetic Arithmetic { get; }

    public TensorFunctions Functions { get; }

    public ModuleCalls Modules { get; }

    /// <summary>The result of an operation on tensors, null where its arguments are not understood.</summary>
    public Value? Call(TorchOperation operation, IMethodSymbol method, Value? receiver, ArgumentMap arguments, IOperation at)
    {
        var location = at.Syntax.GetLocation();
        var operands = new Operands(receiver, arguments);
        switch (operation)
        {
            case TorchOperation.Initializer initializer when operands.First is { } target:
                return Initializers.Apply(initializer.Kind, method.Name, target, arguments, location) ?? Data(target, location);
            case TorchOperation.Creation creation:
                return Tensors.Create(creation.Kind, method.Name, operands, location);
            case TorchOperation.Parameter when operands.First is { } data:
                return Tensors.Parameter(data, arguments.Truth("requires_grad") ?? true, location);
            case TorchOperation.Arithmetic arithmetic when operands.First is { } left:
                if (_symbols.IsInPlace(method) && Initializers.ScaleInPlace(arithmetic.Kind, left, operands.Second, location))
                    return left;
                return Arithmetic.Call(arithmetic.Kind, operands, location);
            case TorchOperation.Reduction { Kind: var kind and (ReductionKind.Max or ReductionKind.Min) } when operands is { First: { } one, Second: TensorValue or WeightValue }:
                return Arithmetic.Apply(kind is ReductionKind.Max ? ArithmeticKind.Maximum : ArithmeticKind.Minimum, one, operands.Second!, location);
            case TorchOperation.Product product:
                return Functions.Product(product.Kind, operands, location);
            case TorchOperation.Identity when operands.First is { } same:
                return same;
            case TorchOperation.GradientCut cut when operands.First is { } kept:
                return Cut(cut.Kind, method, kept, location);
            case TorchOperation.Join join:
                return Functions.Join(join, operands, location);
            case TorchOperation.Split when operands.First is { } whole:
                return Functions.Split(Tensors.Node(whole, location), operands, location);
            case TorchOperation.Select select when operands.First is { } first:
                return Functions.Select(select.Kind, first, operands, receiver is not null, location);
            case TorchOperation.Loss loss when operands.First is { } prediction:
                var further = new Operands(null, new([.. arguments.All.Skip(1)])).Tensors;
                return new TensorValue(_emitter.Add(new LossNode(loss.Kind, location, [.. further.Prepend(prediction).Select(tensor => Tensors.Node(tensor, location))])));
            case TorchOperation.Attention:
                var tokens = operands.Tensors.Take(3).Select(tensor => Tensors.Node(tensor, location)).ToArray();
                return new TensorValue(_emitter.Add(new AttentionNode(null, location, tokens)
                {
                    IsMasked = arguments["attn_mask"].IsGiven() || arguments.Truth("is_casual") is not (null or false),
                    Shape = tokens.Length > 2 && tokens[0].Shape.Rank is not null ? tokens[0].Shape.With(-1, tokens[2].Shape[-1]) : TensorShape.Unknown,
                }));
            default:
                return operands.First is { } input && (input is TensorValue or WeightValue or ConstantValue or UnknownValue)
                    ? Functions.Unary(operation, method, Tensors.Node(input, location), arguments, location)
                    : null;
        }
    }

    /// <summary>A property of a tensor or module.</summary>
    public Value Property(IPropertySymbol property, Value owner, IOperation at)
    {
        var location = at.Syntax.GetLocation();
        switch (owner)
        {
            case ModuleValue { Layer: { } layer } when _symbols.IsTensor(property.Type) && ModuleTree.RoleOf(property.Name) is { } role:
                return role is WeightRole.Bias && !layer.HasBias ? ConstantValue.Null : new WeightValue(layer, role);
            case ModuleValue { Layer: { } layer } when property.Name is "in_features" or "in_channels" or "input_size" && layer.InFeatures is { } width:
                return new ConstantValue(width);
            case ModuleValue { Layer: { } layer } when property.Name is "out_features" or "out_channels" or "hidden_size" && layer.OutFeatures is { } width:
                return new ConstantValue(width);
            case TensorValue or WeightValue when _symbols.IsGradient(property):
                return new TensorValue(_emitter.Unknown("a gradient read back", location, Tensors.Node(owner, location)));
            case TensorValue or WeightValue when property.Name is "T" or "mT" or "H" or "mH":
                return new TensorValue(Functions.Transpose(Tensors.Node(owner, location), location));
            case TensorValue or WeightValue when property.Name is "shape":
                return Shape(Tensors.Node(owner, location), location);
            case TensorValue or WeightValue when _symbols.IsTensor(property.Type):
                return owner;
            default:
                return new UnknownValue($"'{property.Name}' is not known at compile time", location);
        }
    }

    /// <summary>Plain numbers that TorchSharp computes: <c>calculate_gain</c>.</summary>
    public Value? Constant(IMethodSymbol method, ArgumentMap arguments) =>
        method.Name == "calculate_gain" && _symbols.AreaOf(method) is TorchArea.Initializers
            && WeightInitializers.Gain(arguments.Integer("nonlinearity"), arguments.Number("param")) is { } gain
            ? new ConstantValue(gain)
            : null;

    private Value Data(Value target, Location location) => target is WeightValue ? target : new TensorValue(Tensors.Node(target, location));

    private static ListValue Shape(GraphNode node, Location location) =>
        node.Shape.Extents is { } extents
            ? new ListValue(new ListContent([.. extents.Select(extent => extent is null
                ? (Value)new UnknownValue("an extent not known at compile time", location)
                : new ConstantValue(extent.Value))]))
            : new ListValue(new ListContent([]) { Further = new UnknownValue("an extent not known at compile time", location) });

    private Value Cut(GradientCutKind kind, IMethodSymbol method, Value kept, Location location)
    {
        var input = Tensors.Node(kept, location);
        if (kind is GradientCutKind.Argmax or GradientCutKind.Round && input is ElementwiseNode { Kind: ElementwiseKind.Compare })
            return kept;
        var node = _emitter.Add(new GradientCutNode(kind, input, location) { Shape = kind is GradientCutKind.Argmax ? TensorShape.Unknown : input.Shape });
        return _symbols.IsTensor(method.ReturnType) ? new TensorValue(node) : new UnknownValue("a number read out of a tensor", location) { ReadFrom = node };
    }
}

/// <summary>The receiver and arguments of a call in order, as operands of a tensor operation.</summary>
internal sealed class Operands(Value? receiver, ArgumentMap arguments)
{
    public ArgumentMap Arguments { get; } = arguments;

    public IReadOnlyList<Value> All { get; } =
        [.. receiver is null ? [] : new[] { receiver }, .. arguments.All.Select(argument => argument.Value)];

    public Value? First => All.Count > 0 ? All[0] : null;

    public Value? Second => All.Count > 1 ? All[1] : null;

    /// <summary>The tensors among them, lists of tensors opened.</summary>
    public IEnumerable<Value> Tensors => All.SelectMany(Open);

    private static IEnumerable<Value> Open(Value value) => value switch
    {
        TensorValue or WeightValue => [value],
        ListValue list => list.Content.Items.Append(list.Content.Further).OfType<Value>().SelectMany(Open),
        TupleValue tuple => tuple.Items.SelectMany(Open),
        _ => [],
    };
}
