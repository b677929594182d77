using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>A loop whose iterations are evaluated together; it may turn out that they have to be evaluated one by one.</summary>
internal sealed class SymbolicLoop(ISymbol? variable)
{
    public ISymbol? Variable { get; } = variable;

    /// <summary>Set where iterations differ in more than their data: modules created, or picked by the loop variable.</summary>
    public bool NeedsUnrolling { get; set; }
}

internal sealed partial class Interpreter
{
    private Completion ExecuteFor(IForLoopOperation loop, Frame frame)
    {
        ExecuteAll(loop.Before, frame);
        var variable = LoopVariable(loop);
        var slot = variable is null ? null : frame.Find(variable);
        var steps = variable is null ? null : Steps(loop, slot?.Value, frame);
        return Iterate(loop, variable, slot, steps, frame, () => Unroll(loop, frame), () => Execute(loop.Body, frame));
    }

    private Completion ExecuteWhile(IWhileLoopOperation loop, Frame frame) =>
        Iterate(loop, null, null, null, frame, null, () =>
        {
            Evaluate(loop.Condition, frame);
            return Execute(loop.Body, frame);
        });

    private Completion ExecuteForEach(IForEachLoopOperation loop, Frame frame)
    {
        var collection = Evaluate(loop.Collection, frame);
        var variable = loop.Locals.FirstOrDefault();
        if (collection is ListValue { Content.Further: null } list && list.Content.Items.Length <= GraphLimits.UnrolledIterations)
        {
            var items = Elements(list);
            if (items.Length > 0 && items.All(item => item is ConstantValue { Content: int or long }) && variable is not null)
            {
                var slot = frame.Declare(variable);
                return Iterate(loop, variable, slot, items.Length, frame, () => EachItem(loop, items, frame), () => Execute(loop.Body, frame));
            }

            return EachItem(loop, items, frame);
        }

        return Iterate(loop, null, null, null, frame, null, () =>
        {
            BindElement(loop, Element(collection, loop), frame);
            return Execute(loop.Body, frame);
        });
    }

    private Completion EachItem(IForEachLoopOperation loop, ImmutableArray<Value> items, Frame frame)
    {
        foreach (var item in items)
        {
            BindElement(loop, item, frame);
            var completion = Emitter.Within(ControlKind.Iteration, () => Execute(loop.Body, frame));
            if (completion is Completion.Break)
                break;
            if (completion is Completion.Return or Completion.Throw)
                return completion;
        }

        return Completion.Normal;
    }

    private void BindElement(IForEachLoopOperation loop, Value element, Frame frame)
    {
        if (loop.LoopControlVariable is IVariableDeclaratorOperation declarator)
            _store.Write(frame.Declare(declarator.Symbol), element);
        else
            Assign(loop.LoopControlVariable, element, frame);
    }

    /// <summary>The elements as <c>foreach</c> gives them: of a dictionary, key and value.</summary>
    private static ImmutableArray<Value> Elements(ListValue list) =>
        list.Content.Keys.IsEmpty || list.Container is ContainerKind.Sequential or ContainerKind.ModuleList
            ? list.Content.Items
            : [.. list.Content.Keys.Zip(list.Content.Items, (key, item) => (Value)new TupleValue([new ConstantValue(key), item]))];

    private Value Element(Value collection, IForEachLoopOperation loop)
    {
        if (collection is ListValue list && list.Content.Items.Append(list.Content.Further).Where(item => item is not null).ToArray() is { Length: > 0 } items)
            return items.Aggregate((left, right) => Merge(left, right, loop))!;
        var isData = IsLoader(collection, Unwrap(loop.Collection).Type);
        if (loop.LoopControlVariable is not IVariableDeclaratorOperation && collection is UnknownValue)
            return new UnknownValue("an element of an unknown collection", loop.Collection.Syntax.GetLocation()) { IsOutside = true, IsData = isData };
        var type = loop.Locals.FirstOrDefault()?.Type;
        return type is null ? Unknown("an element of an unknown collection", loop.Collection) : Outside(type, loop.Locals[0].Name, loop.Collection.Syntax.GetLocation(), isData);
    }

    /// <summary>What the code is given or makes to go over. The result of a call may hold anything, also losses.</summary>
    private bool IsLoader(Value collection, ITypeSymbol? type) =>
        collection is UnknownValue { IsOutside: true } or InstanceValue || (type is not null && _symbols.IsDeclaredInTorchSharp(type));

    /// <summary>All iterations at once; one by one where the trial says so and the bounds allow it.</summary>
    private Completion Iterate(
        ILoopOperation loop, ISymbol? variable, Slot? slot, long? steps, Frame frame, Func<Completion>? unroll, Func<Completion> body)
    {
        if (steps == 0)
            return Completion.Normal;
        var symbolic = new SymbolicLoop(variable);
        var returns = frame.Returns.Count;
        var mark = Emitter.Mark;
        _loops.Push(symbolic);
        _store.Begin();
        SetIndex(variable, slot);
        Emitter.Within(ControlKind.Loop, body);
        var written = _store.Rollback();
        _loops.Pop();
        Emitter.ReturnTo(mark);
        frame.Returns.RemoveRange(returns, frame.Returns.Count - returns);
        if (symbolic.NeedsUnrolling && unroll is not null && steps is <= GraphLimits.UnrolledIterations)
            return unroll();

        var location = loop.Syntax.GetLocation();
        EnterMembers(written, location);
        var scope = new ControlScope(steps == 1 ? ControlKind.Iteration : ControlKind.Loop, Emitter.Scope);
        var carried = new LoopCarry(Emitter, location, steps, scope);
        foreach (var (target, after) in written.Where(entry => entry.Key != slot && entry.Key.Value is not null).Select(entry => (entry.Key, entry.Value)))
            carried.Enter(_store, target, after);
        _loops.Push(symbolic);
        _store.Begin();
        SetIndex(variable, slot);
        var completion = Emitter.Within(scope, body);
        scope.Repeats = completion is Completion.Normal or Completion.Continue;
        var final = _store.Rollback();
        _loops.Pop();
        foreach (var entry in final.Where(entry => entry.Key != slot))
            _store.Write(entry.Key, carried.Leave(entry.Key, entry.Value, value => Merge(carried.Before(entry.Key), value, loop)));
        carried.Restore(_store, final);
        return completion is Completion.Return && steps is > 0 ? Completion.Return : Completion.Normal;
    }

    /// <summary>Tensors in fields that the loop writes come from outside where nothing was seen to write them before: a state kept between calls.</summary>
    private void EnterMembers(Dictionary<Slot, Value?> written, Location location)
    {
        foreach (var slot in written.Keys.Where(slot => slot is { Member: not null, Value: null }))
        {
            if (written[slot] is TensorValue)
                _store.Write(slot, new TensorValue(Emitter.Add(new InputNode(slot.Member!, location))));
            else if (written[slot] is TupleValue tuple && tuple.Items.All(item => item is TensorValue))
                _store.Write(slot, new TupleValue([.. tuple.Items.Select(_ => new TensorValue(Emitter.Add(new InputNode(slot.Member!, location))))]));
        }
    }

    private void SetIndex(ISymbol? variable, Slot? slot)
    {
        if (variable is not null && slot is not null)
            _store.Write(slot, new IndexValue(variable, 0));
    }

    private Completion Unroll(IForLoopOperation loop, Frame frame)
    {
        for (var iteration = 0; iteration < GraphLimits.UnrolledIterations; iteration++)
        {
            if (loop.Condition is not null && Evaluate(loop.Condition, frame).AsTruth() is not true)
                break;
            var completion = Emitter.Within(ControlKind.Iteration, () => Execute(loop.Body, frame));
            if (completion is Completion.Break)
                break;
            if (completion is Completion.Return or Completion.Throw)
                return completion;
            ExecuteAll(loop.AtLoopBottom, frame);
        }

        return Completion.Normal;
    }

    private static ISymbol? LoopVariable(IForLoopOperation loop)
    {
        var bottom = loop.AtLoopBottom.FirstOrDefault() is IExpressionStatementOperation statement ? statement.Operation : null;
        var target = bottom switch
        {
            IIncrementOrDecrementOperation increment => increment.Target,
            ICompoundAssignmentOperation compound => compound.Target,
            _ => null,
        };
        return (target as ILocalReferenceOperation)?.Local;
    }

    /// <summary>The number of iterations, where start, bound and step are known.</summary>
    private long? Steps(IForLoopOperation loop, Value? start, Frame frame)
    {
        var bottom = ((IExpressionStatementOperation)loop.AtLoopBottom[0]).Operation;
        var step = bottom switch
        {
            IIncrementOrDecrementOperation { Kind: OperationKind.Increment } => 1,
            IIncrementOrDecrementOperation => -1,
            ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add } compound => Evaluate(compound.Value, frame).AsInteger(),
            ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Subtract } compound => -Evaluate(compound.Value, frame).AsInteger(),
            _ => null,
        };
        if (loop.Condition is not IBinaryOperation { LeftOperand: var left } condition || Unwrap(left) is not ILocalReferenceOperation)
            return null;
        var distance = Evaluate(condition.RightOperand, frame).AsInteger() - start?.AsInteger();
        var count = (condition.OperatorKind, step) switch
        {
            (BinaryOperatorKind.LessThan, > 0) => (distance + step - 1) / step,
            (BinaryOperatorKind.LessThanOrEqual, > 0) => (distance + step) / step,
            (BinaryOperatorKind.GreaterThan, < 0) => (distance + step + 1) / step,
            (BinaryOperatorKind.GreaterThanOrEqual, < 0) => (distance + step) / step,
            _ => null,
        };
        return count is < 0 ? 0 : count;
    }

    /// <summary>Keeps the place where a value that a loop carries is read first.</summary>
    private static Value? Remember(Value? value, IOperation at)
    {
        if (value is TensorValue { Node: CarriedNode carried })
            carried.Read ??= at.Syntax.GetLocation();
        else if (value is TupleValue tuple)
            foreach (var item in tuple.Items)
                Remember(item, at);
        return value;
    }

    /// <summary>Says that iterations differ in more than their data.</summary>
    private void RequireUnrolling(ISymbol? variable = null)
    {
        foreach (var loop in _loops)
        {
            if (variable is null || SymbolEqualityComparer.Default.Equals(loop.Variable, variable))
                loop.NeedsUnrolling = true;
        }
    }
}
