using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>
/// The values a loop carries from one iteration to the next. Going in, each is replaced by a <see cref="CarriedNode"/>; coming out, what
/// depends on any of them becomes a <see cref="RecurrenceNode"/>.
/// </summary>
internal sealed class LoopCarry(NodeEmitter emitter, Location location, long? steps, ControlScope loop)
{
    private readonly Dictionary<Slot, (Value Before, Value Carried)> _slots = [];
    private readonly HashSet<GraphNode> _dependent = [];
    private readonly HashSet<GraphNode> _independent = [];

    /// <summary>Replaces what a slot holds by its carried form; <paramref name="after"/> is what one iteration makes of it.</summary>
    public void Enter(Store store, Slot slot, Value? after)
    {
        if (slot.Value is not { } before || Carry(before, after) is not { } carried)
            return;
        _slots.Add(slot, (before, carried));
        store.Write(slot, carried);
    }

    public Value? Before(Slot slot) => _slots.TryGetValue(slot, out var known) ? known.Before : slot.Value;

    /// <summary>The value after the last iteration.</summary>
    /// <param name="slot">The slot that the body wrote.</param>
    /// <param name="final">Its value at the end of one iteration.</param>
    /// <param name="merge">Merges a value that is not a tensor with the one before the loop.</param>
    public Value? Leave(Slot slot, Value? final, Func<Value?, Value?> merge) =>
        _slots.TryGetValue(slot, out var known) ? Close(known.Before, known.Carried, final, merge) : final;

    /// <summary>Gives back their value to slots that the second pass did not write.</summary>
    public void Restore(Store store, Dictionary<Slot, Value?> final)
    {
        foreach (var entry in _slots.Where(entry => !final.ContainsKey(entry.Key)))
            store.Write(entry.Key, entry.Value.Before);
    }

    private Value? Carry(Value before, Value? after)
    {
        switch (before, after)
        {
            case (TensorValue tensor, _):
                return new TensorValue(Carried(tensor.Node));
            case (ConstantValue { Content: null }, TensorValue tensor):
                return new TensorValue(Carried(Zeros(tensor.Node.Shape)));
            case (ConstantValue { Content: null }, TupleValue tuple):
                return new TupleValue([.. tuple.Items.Select(item => Carry(ConstantValue.Null, item) ?? ConstantValue.Null)]);
            case (TupleValue old, TupleValue tuple) when old.Items.Length == tuple.Items.Length:
                return new TupleValue([.. old.Items.Zip(tuple.Items, (a, b) => Carry(a, b) ?? a)]);
            case (ListContent old, ListContent { Write: not null }):
                var initial = old.Items.Append(old.Further).OfType<TensorValue>().Select(item => item.Node).ToArray();
                var start = initial.Length == 0 ? Zeros(TensorShape.Unknown) : emitter.Branch(initial, location);
                return new ListContent(ImmutableArray<Value>.Empty) { Further = new TensorValue(Carried(start)) };
            case (ListContent, ListContent):
                return null;
            case (ConstantValue { Content: not null }, ConstantValue):
                return new UnknownValue("a number that changes in a loop", location);
            default:
                return null;
        }
    }

    private Value? Close(Value before, Value carried, Value? final, Func<Value?, Value?> merge)
    {
        switch (before, carried, final)
        {
            case (_, TensorValue { Node: CarriedNode start }, TensorValue end):
                if (ReferenceEquals(end.Node, start))
                    return before;
                return new TensorValue(DependsOnCarried(end.Node) ? Recurrence(start, end.Node) : end.Node);
            case (_, TupleValue start, TupleValue end) when start.Items.Length == end.Items.Length:
                var olds = before is TupleValue known ? known.Items : [.. Enumerable.Repeat<Value>(ConstantValue.Null, end.Items.Length)];
                return new TupleValue([.. end.Items.Select((item, index) => Close(olds[index], start.Items[index], item, merge) ?? item)]);
            case (ListContent old, ListContent { Further: TensorValue { Node: CarriedNode start } }, ListContent { Write: (_, TensorValue end) }):
                var state = new TensorValue(DependsOnCarried(end.Node) ? Recurrence(start, end.Node) : end.Node);
                return new ListContent([.. old.Items.Select(item => item is TensorValue ? item : state)]) { Further = state };
            case (_, UnknownValue, _):
                return carried;
            default:
                return merge(final);
        }
    }

    private RecurrenceNode Recurrence(CarriedNode start, GraphNode end) =>
        emitter.Add(new RecurrenceNode(start, end, steps, location) { Shape = end.Shape, Loop = loop });

    private CarriedNode Carried(GraphNode initial)
    {
        var node = emitter.Add(new CarriedNode(initial, location) { Shape = initial.Shape });
        emitter.Absorb(node);
        _dependent.Add(node);
        return node;
    }

    private GraphNode Zeros(TensorShape shape)
    {
        var layer = new Layer("", LayerKind.Parameter, location) { Weight = new(new WeightDistribution.Constant(0), location, IsDefault: true) };
        var node = emitter.Add(new TensorNode(layer, isParameter: false, location) { Shape = shape });
        emitter.Absorb(node);
        return node;
    }

    private bool DependsOnCarried(GraphNode node)
    {
        if (_dependent.Contains(node))
            return true;
        if (_independent.Contains(node))
            return false;
        var open = new Stack<(GraphNode Node, bool Expanded)>([(node, false)]);
        while (open.Count > 0)
        {
            var (current, expanded) = open.Pop();
            if (_dependent.Contains(current) || _independent.Contains(current))
                continue;
            if (!expanded)
            {
                open.Push((current, true));
                foreach (var input in current.Inputs)
                    open.Push((input, false));
                continue;
            }

            (current.Inputs.Any(_dependent.Contains) ? _dependent : _independent).Add(current);
        }

        return _dependent.Contains(node);
    }
}
