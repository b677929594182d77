using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>What an expression stands for while a graph is built.</summary>
internal abstract class Value;

/// <summary>A tensor. After <c>x[t] = v</c> in a loop over t, <see cref="Write"/> remembers what was written where.</summary>
internal sealed class TensorValue(GraphNode node, IndexedWrite? write = null) : Value
{
    public GraphNode Node { get; } = node;

    public IndexedWrite? Write { get; } = write;
}

/// <summary>An element written under a loop variable, and the tensor as it was before.</summary>
internal sealed record IndexedWrite(IndexValue Index, GraphNode Element, GraphNode Before);

/// <summary>A weight or bias of a layer, as <c>layer.weight</c> names it.</summary>
internal sealed class WeightValue(Layer layer, WeightRole role) : Value
{
    public Layer Layer { get; } = layer;

    public WeightRole Role { get; } = role;
}

internal enum WeightRole
{
    Weight,
    Bias,
    RecurrentWeight,
}

/// <summary>A number, string, bool or null known at compile time.</summary>
internal sealed class ConstantValue(object? content) : Value
{
    public static ConstantValue Null { get; } = new(null);

    public static ConstantValue True { get; } = new(true);

    public object? Content { get; } = content;
}

/// <summary>The variable of a loop whose iterations are evaluated together, plus an offset; a null offset is any other function of it.</summary>
internal sealed class IndexValue(ISymbol loop, long? offset) : Value
{
    public ISymbol Loop { get; } = loop;

    public long? Offset { get; } = offset;

    public bool IsSame(IndexValue other) => Offset is not null && Offset == other.Offset && SymbolEqualityComparer.Default.Equals(Loop, other.Loop);
}

internal sealed class TupleValue(ImmutableArray<Value> items) : Value
{
    public ImmutableArray<Value> Items { get; } = items;
}

/// <summary>A list, array or dictionary, or a module that holds modules. It is a reference: its content can change.</summary>
internal sealed class ListValue(ListContent content, ContainerKind? container = null) : Value
{
    /// <summary>Holds the current <see cref="ListContent"/>.</summary>
    public Slot Slot { get; } = new(content);

    public ListContent Content => (ListContent)Slot.Value!;

    public ContainerKind? Container { get; } = container;
}

/// <summary>The elements of a list at one moment.</summary>
internal sealed class ListContent(ImmutableArray<Value> items) : Value
{
    public static ListContent Empty { get; } = new(ImmutableArray<Value>.Empty);

    public ImmutableArray<Value> Items { get; } = items;

    /// <summary>Names of the elements of a dictionary or of named modules; empty where they go by number.</summary>
    public ImmutableArray<string> Keys { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Stands for further elements, whose number is not known; null when <see cref="Items"/> is all there is.</summary>
    public Value? Further { get; init; }

    /// <summary>Contents of different length that branches led to; then <see cref="Items"/> is empty.</summary>
    public ImmutableArray<ListContent> Alternatives { get; init; } = ImmutableArray<ListContent>.Empty;

    /// <summary>The element written last under a loop variable.</summary>
    public (IndexValue Index, Value Element)? Write { get; init; }
}

/// <summary>A module of TorchSharp that is not a container: a layer, an activation, a dropout, a loss.</summary>
internal sealed class ModuleValue(TorchOperation operation, ArgumentMap arguments, Layer? layer, ITypeSymbol type, Location location) : Value
{
    public TorchOperation Operation { get; } = operation;

    /// <summary>What the module was created with.</summary>
    public ArgumentMap Arguments { get; } = arguments;

    public Layer? Layer { get; } = layer;

    public ITypeSymbol Type { get; } = type;

    public Location Location { get; } = location;

    public string Path { get; set; } = "";
}

/// <summary>An object of a class of the program's own, with its fields: most often a module.</summary>
internal sealed class InstanceValue(INamedTypeSymbol type) : Value
{
    public INamedTypeSymbol Type { get; } = type;

    /// <summary>Fields, auto-properties and captured constructor parameters.</summary>
    public Dictionary<ISymbol, Slot> Members { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Names given by <c>register_module</c> and the like.</summary>
    public List<(string Name, Value Part)> Registered { get; } = [];

    public string Path { get; set; } = "";

    public Slot SlotOf(ISymbol member)
    {
        if (!Members.TryGetValue(member.OriginalDefinition, out var slot))
            Members.Add(member.OriginalDefinition, slot = new Slot(null) { Member = member.Name });
        return slot;
    }

    public Value? Read(ISymbol member) => Members.TryGetValue(member.OriginalDefinition, out var slot) ? slot.Value : null;
}

/// <summary>A lambda, local function or method group.</summary>
internal sealed class FunctionValue(IMethodSymbol method, IOperation? body, Frame? closure, Value? receiver) : Value
{
    public IMethodSymbol Method { get; } = method;

    /// <summary>The lambda's body; null for a method, whose body is looked up.</summary>
    public IOperation? Body { get; } = body;

    public Frame? Closure { get; } = closure;

    public Value? Receiver { get; } = receiver;
}

/// <summary>One of several modules or functions, not known which: calling it calls each.</summary>
internal sealed class ChoiceValue(ImmutableArray<Value> alternatives) : Value
{
    public ImmutableArray<Value> Alternatives { get; } = alternatives;
}

/// <summary>The first values of a weight, kept in a slot so that a branch that initialises differently is seen.</summary>
internal sealed class InitializationValue(Initialization? initialization) : Value
{
    public Initialization? Initialization { get; } = initialization;
}

/// <summary>Not understood, or a number not known at compile time.</summary>
internal sealed class UnknownValue(string reason, Location location) : Value
{
    public string Reason { get; } = reason;

    /// <summary>True for an object the code is given, such as a batch or a loader: the tensors in it are inputs.</summary>
    public bool IsOutside { get; init; }

    /// <summary>True for an element of a loader: no gradient flows into the tensors in it.</summary>
    public bool IsData { get; init; }

    /// <summary>The tensor that a number was read out of, with the reading as its last node; null for any other value.</summary>
    public GraphNode? ReadFrom { get; init; }

    /// <summary>True for code that does not compile, which may yet become a tensor or a number.</summary>
    public bool IsInvalid { get; init; }

    public Location Location { get; } = location;
}
