using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>How a statement ended.</summary>
internal enum Completion
{
    Normal,
    Return,
    Break,
    Continue,
    Throw,
}

internal sealed partial class Interpreter
{
    private Completion Execute(IOperation? statement, Frame frame)
    {
        switch (statement)
        {
            case null or IEmptyOperation:
                return Completion.Normal;
            case IBlockOperation block:
                return ExecuteBlock(block, frame);
            case IMethodBodyOperation body:
                return Execute(body.BlockBody ?? body.ExpressionBody, frame);
            case IExpressionStatementOperation expression:
                Evaluate(expression.Operation, frame);
                return Completion.Normal;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                    Declare(declarator, frame);
                return Completion.Normal;
            case IReturnOperation { Kind: OperationKind.YieldReturn } yielded:
                Yield(Evaluate(yielded.ReturnedValue, frame), frame);
                return Completion.Normal;
            case IReturnOperation returned:
                if (returned.ReturnedValue is not null)
                    frame.Returns.Add(Evaluate(returned.ReturnedValue, frame));
                return Completion.Return;
            case IConditionalOperation conditional:
                return ExecuteConditional(conditional, frame);
            case ISwitchOperation switched:
                return ExecuteSwitch(switched, frame);
            case IForLoopOperation loop:
                return ExecuteFor(loop, frame);
            case IForEachLoopOperation loop:
                return ExecuteForEach(loop, frame);
            case IWhileLoopOperation loop:
                return ExecuteWhile(loop, frame);
            case IUsingOperation usage:
                return ExecuteUsing(usage, frame);
            case IUsingDeclarationOperation usage:
                return Execute(usage.DeclarationGroup, frame);
            case ITryOperation tried:
                var completion = Execute(tried.Body, frame);
                Execute(tried.Finally, frame);
                return completion;
            case ILockOperation locked:
                return Execute(locked.Body, frame);
            case ILabeledOperation labeled:
                return Execute(labeled.Operation, frame);
            case IBranchOperation branch:
                return branch.BranchKind switch
                {
                    BranchKind.Break => Completion.Break,
                    BranchKind.Continue => Completion.Continue,
                    _ => Completion.Normal,
                };
            case IThrowOperation:
                return Completion.Throw;
            case ILocalFunctionOperation:
                return Completion.Normal;
            default:
                Evaluate(statement, frame);
                return Completion.Normal;
        }
    }

    private Completion ExecuteBlock(IBlockOperation block, Frame frame)
    {
        DeclareFunctions(block.Operations, frame);
        return Emitter.Within(Emitter.Scope, () => ExecuteAll(block.Operations, frame));
    }

    private Completion ExecuteUsing(IUsingOperation usage, Frame frame) => Emitter.Within(Emitter.Scope, () =>
    {
        if (usage.Resources is IVariableDeclarationGroupOperation)
            Execute(usage.Resources, frame);
        else
            Evaluate(usage.Resources, frame);
        return Execute(usage.Body, frame);
    });

    private Completion ExecuteAll(ImmutableArray<IOperation> statements, Frame frame)
    {
        foreach (var statement in statements)
        {
            var completion = Execute(statement, frame);
            if (completion is not Completion.Normal)
                return completion;
        }

        return Completion.Normal;
    }

    private void DeclareFunctions(ImmutableArray<IOperation> statements, Frame frame)
    {
        foreach (var statement in statements)
        {
            if (statement is ILocalFunctionOperation function)
                _store.Write(frame.Declare(function.Symbol), new FunctionValue(function.Symbol, function.Body, frame, frame.Self));
        }
    }

    private void Declare(IVariableDeclaratorOperation declarator, Frame frame)
    {
        var initializer = declarator.GetVariableInitializer();
        var value = initializer is null ? ConstantValue.Null : Evaluate(initializer.Value, frame);
        Name(value, declarator.Symbol.Name);
        _store.Write(frame.Declare(declarator.Symbol), value);
    }

    private void Yield(Value value, Frame frame)
    {
        if (frame.Returns.FirstOrDefault() is not ListValue list)
            frame.Returns.Insert(0, list = new ListValue(ListContent.Empty));
        Append(list, value);
    }

    private Completion ExecuteConditional(IConditionalOperation conditional, Frame frame)
    {
        switch (Evaluate(conditional.Condition, frame).AsTruth())
        {
            case true:
                return Execute(conditional.WhenTrue, frame);
            case false:
                return Execute(conditional.WhenFalse, frame);
            default:
                return Fork([() => Execute(conditional.WhenTrue, frame), () => Execute(conditional.WhenFalse, frame)], conditional);
        }
    }

    private Completion ExecuteSwitch(ISwitchOperation switched, Frame frame)
    {
        var subject = Evaluate(switched.Value, frame);
        var open = new List<Func<Completion>>();
        foreach (var section in switched.Cases)
        {
            var applies = section.Clauses.Select(clause => Applies(clause, subject, frame)).Aggregate((bool?)false, Or);
            if (applies is false)
                continue;
            open.Add(() => ExecuteAll(section.Body, frame));
            if (applies is true)
                break;
        }

        var isExhaustive = switched.Cases.Any(section => section.Clauses.Any(clause => clause is IDefaultCaseClauseOperation));
        if (open.Count != 1 && !isExhaustive)
            open.Add(() => Completion.Normal);
        var completion = open.Count == 1 ? open[0]() : Fork(open, switched);
        return completion is Completion.Break ? Completion.Normal : completion;
    }

    private bool? Applies(ICaseClauseOperation clause, Value subject, Frame frame) => clause switch
    {
        IDefaultCaseClauseOperation => true,
        ISingleValueCaseClauseOperation single => AreEqual(subject, Evaluate(single.Value, frame)),
        IPatternCaseClauseOperation pattern => And(
            Matches(pattern.Pattern, subject, frame),
            pattern.Guard is null ? true : Evaluate(pattern.Guard, frame).AsTruth()),
        _ => null,
    };

    private static bool? Or(bool? left, bool? right) => left is true || right is true ? true : left is false && right is false ? false : null;

    private static bool? And(bool? left, bool? right) => left is false || right is false ? false : left is true && right is true ? true : null;

    /// <summary>Evaluates each side from the same state, and goes on with what holds on all sides that go on.</summary>
    private Completion Fork(IReadOnlyList<Func<Completion>> sides, IOperation at)
    {
        var open = new List<Dictionary<Slot, Value?>>();
        var ends = new List<Completion>();
        foreach (var side in sides)
        {
            _store.Begin();
            var end = Emitter.Within(ControlKind.Alternative, side);
            var written = _store.Rollback();
            ends.Add(end);
            if (end is not (Completion.Return or Completion.Throw))
                open.Add(written);
        }

        if (open.Count == 0)
            return ends.Contains(Completion.Return) ? Completion.Return : Completion.Throw;
        foreach (var slot in open.SelectMany(written => written.Keys).Distinct().ToList())
        {
            var values = open.Select(written => written.TryGetValue(slot, out var value) ? value : slot.Value).ToArray();
            _store.Write(slot, values.Aggregate((left, right) => Merge(left, right, at)));
        }

        var live = ends.Where(end => end is not (Completion.Return or Completion.Throw)).Distinct().ToArray();
        return live.Length == 1 ? live[0] : Completion.Normal;
    }
}
