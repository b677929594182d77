using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>Walks a method's operations in the order they are evaluated and keeps what matters for training.</summary>
internal sealed class TraceBuilder
{
    // Deeper nesting is generated code, such as a sum of thousands of terms; following it would overflow the compiler's stack.
    private const int MaxDepth = 400;

    private readonly CallReader _calls;
    private readonly AssignmentReader _assignments;
    private readonly ScopeReader _scopes;
    private readonly FunctionBodies _functions;
    private int _depth;

    private TraceBuilder(IMethodSymbol? method, ImmutableArray<IOperation> bodies, LocalFacts facts, TorchSymbols torch, GradientReach reach)
    {
        _functions = new FunctionBodies(facts, (function, body) => Build(function, [body], facts, torch, reach));
        _scopes = new ScopeReader(facts, torch);
        _assignments = new AssignmentReader(method, facts, torch);
        _calls = new CallReader(facts, _functions, new MonitorReader(bodies, facts), torch, reach);
    }

    /// <summary>The trace of <paramref name="bodies"/>: a method's blocks, or a field's initializer (then <paramref name="method"/> is null).</summary>
    public static MethodTrace Build(IMethodSymbol? method, ImmutableArray<IOperation> bodies, TorchSymbols torch, GradientReach reach) =>
        Build(method, bodies, new LocalFacts(bodies, torch), torch, reach);

    private static MethodTrace Build(IMethodSymbol? method, ImmutableArray<IOperation> bodies, LocalFacts facts, TorchSymbols torch, GradientReach reach)
    {
        var builder = new TraceBuilder(method, bodies, facts, torch, reach);
        var body = builder.Sequence(bodies[0], bodies);
        return new MethodTrace
        {
            Method = method,
            Body = builder._assignments.ResolveConstructorArguments(body),
            Nested = builder._functions.Traces,
            Flows = builder._assignments.Flows,
        };
    }

    private SequenceNode Sequence(IOperation place, IEnumerable<IOperation?> operations)
    {
        var nodes = new List<TrainingNode>();
        foreach (var operation in operations)
            Visit(operation, nodes);
        return new SequenceNode(nodes.ToImmutableArray(), place.Syntax.GetLocation());
    }

    private SequenceNode Sequence(IOperation place, params IOperation?[] operations) => Sequence(place, (IEnumerable<IOperation?>)operations);

    private void Visit(IOperation? operation, List<TrainingNode> into)
    {
        if (IsLeaf(operation))
            return;
        switch (operation)
        {
            case null or INameOfOperation:
                break;
            case IAnonymousFunctionOperation lambda:
                _functions.TraceOf(lambda);
                break;
            case ILocalFunctionOperation function:
                _functions.Add(function);
                break;
            case IBlockOperation block:
                VisitStatements(block, block.Operations, into);
                break;
            case IUsingOperation use:
                VisitUsing(use, into);
                break;
            case ILoopOperation loop:
                VisitLoop(loop, into);
                break;
            case IConditionalOperation branch:
                Visit(branch.Condition, into);
                AddBranch(branch, [Sequence(branch, branch.WhenTrue), Sequence(branch, branch.WhenFalse)], into);
                break;
            case ISwitchOperation choice:
                Visit(choice.Value, into);
                AddBranch(choice, [.. choice.Cases.Select(@case => Sequence(@case, @case.Body)), Sequence(choice)], into);
                break;
            case ISwitchExpressionOperation choice:
                Visit(choice.Value, into);
                AddBranch(choice, [.. choice.Arms.Select(arm => Sequence(arm, arm.Guard, arm.Value))], into);
                break;
            case ITryOperation attempt:
                Visit(attempt.Body, into);
                AddBranch(attempt, [Sequence(attempt), .. attempt.Catches.Select(@catch => Sequence(@catch, @catch.Handler))], into);
                Visit(attempt.Finally, into);
                break;
            case ICoalesceOperation coalesce:
                Visit(coalesce.Value, into);
                AddBranch(coalesce, [Sequence(coalesce), Sequence(coalesce, coalesce.WhenNull)], into);
                break;
            case IConditionalAccessOperation access:
                Visit(access.Operation, into);
                AddBranch(access, [Sequence(access), Sequence(access, access.WhenNotNull)], into);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } logical:
                Visit(logical.LeftOperand, into);
                AddBranch(logical, [Sequence(logical), Sequence(logical, logical.RightOperand)], into);
                break;
            case IBranchOperation jump:
                AddJump(jump, into);
                break;
            case IReturnOperation { Kind: OperationKind.Return } or IThrowOperation:
                VisitChildren(operation, into);
                into.AddRange(_assignments.ReadReturn(operation));
                into.Add(new JumpNode(JumpKind.Return, operation.Syntax.GetLocation()));
                break;
            default:
                VisitChildren(operation, into);
                into.AddRange(_calls.Read(operation));
                into.AddRange(_assignments.Read(operation));
                break;
        }
    }

    /// <summary>Most operations are such: they hold no others, and reading a variable or writing a constant does nothing.</summary>
    private static bool IsLeaf(IOperation? operation) => operation?.Kind is
        OperationKind.Literal or OperationKind.LocalReference or OperationKind.ParameterReference or OperationKind.InstanceReference;

    private void VisitChildren(IOperation operation, List<TrainingNode> into)
    {
        if (_depth == MaxDepth && operation.ChildOperations.Any())
        {
            into.Add(new TrainingEvent(TrainingEventKind.Opaque, target: null, operation.Syntax.GetLocation()));
            return;
        }

        _depth++;
        foreach (var child in operation.ChildOperations)
            Visit(child, into);
        _depth--;
    }

    private void VisitStatements(IOperation place, IEnumerable<IOperation> statements, List<TrainingNode> into)
    {
        var rest = statements.ToList();
        for (var i = 0; i < rest.Count; i++)
        {
            if (rest[i] is not IUsingDeclarationOperation declaration)
            {
                Visit(rest[i], into);
                continue;
            }

            var remaining = rest.Skip(i + 1);
            VisitScopes(_scopes.Read(declaration.DeclarationGroup), declaration.DeclarationGroup, () =>
            {
                var nodes = new List<TrainingNode>();
                VisitStatements(place, remaining, nodes);
                return new SequenceNode(nodes.ToImmutableArray(), place.Syntax.GetLocation());
            }, into);
            return;
        }
    }

    private void VisitUsing(IUsingOperation use, List<TrainingNode> into) =>
        VisitScopes(_scopes.Read(use.Resources), use.Resources, () => Sequence(use.Body, use.Body), into);

    private void VisitScopes(ScopeReader.Resource resource, IOperation declaration, Func<TrainingNode> body, List<TrainingNode> into)
    {
        Visit(declaration, into);
        into.AddRange(resource.Events);
        var inner = body();
        foreach (var (kind, location) in resource.Scopes)
            inner = new ScopeNode(kind, inner, location);
        into.Add(inner);
        into.AddRange(resource.AtEnd);
    }

    private void VisitLoop(ILoopOperation loop, List<TrainingNode> into)
    {
        switch (loop)
        {
            case IForLoopOperation @for:
                foreach (var before in @for.Before)
                    Visit(before, into);
                AddLoop(loop, IsAlwaysTrue(@for.Condition), [@for.Condition, @for.Body, .. @for.AtLoopBottom], into);
                break;
            case IForEachLoopOperation each:
                Visit(each.Collection, into);
                AddLoop(loop, runsAtLeastOnce: false, [each.Body], into);
                break;
            case IWhileLoopOperation { ConditionIsTop: true } @while:
                AddLoop(loop, IsAlwaysTrue(@while.Condition), [@while.Condition, @while.Body], into);
                break;
            case IWhileLoopOperation @do:
                AddLoop(loop, runsAtLeastOnce: true, [@do.Body, @do.Condition], into);
                break;
            default:
                AddLoop(loop, runsAtLeastOnce: false, [loop.Body], into);
                break;
        }
    }

    private void AddLoop(ILoopOperation loop, bool runsAtLeastOnce, IEnumerable<IOperation?> body, List<TrainingNode> into) =>
        into.Add(new LoopNode(Sequence(loop, body), runsAtLeastOnce, loop.Syntax.GetLocation()) { Keyword = loop.Syntax.GetFirstToken().GetLocation() });

    private static bool IsAlwaysTrue(IOperation? condition) => condition is null or { ConstantValue: { HasValue: true, Value: true } };

    private static void AddBranch(IOperation place, ImmutableArray<SequenceNode> alternatives, List<TrainingNode> into)
    {
        if (alternatives.Any(alternative => !alternative.Children.IsEmpty))
            into.Add(new BranchNode(alternatives.CastArray<TrainingNode>(), place.Syntax.GetLocation()));
    }

    private static void AddJump(IBranchOperation jump, List<TrainingNode> into)
    {
        // A break at the end of a switch case only leaves the switch, which ends there anyway.
        for (var parent = jump.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ISwitchOperation choice && SymbolEqualityComparer.Default.Equals(choice.ExitLabel, jump.Target))
                return;
            if (parent is ILoopOperation)
                break;
        }

        var location = jump.Syntax.GetLocation();
        into.Add(jump.BranchKind switch
        {
            BranchKind.Break => new JumpNode(JumpKind.Break, location),
            BranchKind.Continue => new JumpNode(JumpKind.Continue, location),
            _ => new TrainingEvent(TrainingEventKind.Opaque, target: null, location),
        });
    }
}
