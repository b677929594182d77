using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

internal sealed partial class Interpreter
{
    private Value EvaluateConditional(IConditionalOperation conditional, Frame frame) =>
        Evaluate(conditional.Condition, frame).AsTruth() switch
        {
            true => Evaluate(conditional.WhenTrue, frame),
            false => Evaluate(conditional.WhenFalse, frame),
            _ => Choose([() => Evaluate(conditional.WhenTrue, frame), () => Evaluate(conditional.WhenFalse, frame)], conditional),
        };

    private Value EvaluateSwitchExpression(ISwitchExpressionOperation switched, Frame frame)
    {
        var subject = Evaluate(switched.Value, frame);
        var open = new List<Func<Value>>();
        foreach (var arm in switched.Arms)
        {
            var applies = And(
                Matches(arm.Pattern, subject, frame),
                arm.Guard is null ? true : Evaluate(arm.Guard, frame).AsTruth());
            if (applies is false || Unwrap(arm.Value) is IThrowOperation)
                continue;
            open.Add(() => Evaluate(arm.Value, frame));
            if (applies is true)
                break;
        }

        return open.Count switch
        {
            0 => Unknown("no arm of the switch applies", switched),
            1 => open[0](),
            _ => Choose(open, switched),
        };
    }

    private static IOperation Unwrap(IOperation operation) => operation is IConversionOperation conversion ? Unwrap(conversion.Operand) : operation;

    /// <summary>Evaluates each alternative from the same state and merges values and state.</summary>
    private Value Choose(IReadOnlyList<Func<Value>> alternatives, IOperation at)
    {
        var values = new List<Value>();
        Fork([.. alternatives.Select(alternative => (Func<Completion>)(() =>
        {
            values.Add(alternative());
            return Completion.Normal;
        }))], at);
        return values.Aggregate((left, right) => Merge(left, right, at)!);
    }

    /// <summary>A value that is one of two. A tensor that may be missing counts as present: reading the missing one would fail.</summary>
    private Value? Merge(Value? left, Value? right, IOperation at)
    {
        if (ReferenceEquals(left, right) || right is null)
            return left;
        if (left is null)
            return right;
        switch (left, right)
        {
            case (ConstantValue a, ConstantValue b) when Equals(a.Content, b.Content):
                return left;
            case (TensorValue or WeightValue, TensorValue or WeightValue):
                var location = at.Syntax.GetLocation();
                return new TensorValue(Emitter.Branch([Node(left, location), Node(right, location)], location));
            case (_, ConstantValue { Content: null }):
                return left;
            case (ConstantValue { Content: null }, _):
                return right;
            case (TensorValue tensor, ConstantValue):
                return new TensorValue(Emitter.Branch([tensor.Node, Node(right, at.Syntax.GetLocation())], at.Syntax.GetLocation()));
            case (TupleValue a, TupleValue b) when a.Items.Length == b.Items.Length:
                return new TupleValue([.. a.Items.Zip(b.Items, (x, y) => Merge(x, y, at)!)]);
            case (ListContent a, ListContent b):
                return Merge(a, b, at);
            case (InitializationValue a, InitializationValue b) when Equals(a.Initialization, b.Initialization):
                return left;
            case (InitializationValue, InitializationValue):
                return new InitializationValue(new Initialization(WeightDistribution.Unknown.Instance, at.Syntax.GetLocation(), IsDefault: false));
            case (ModuleValue or InstanceValue or ListValue or FunctionValue or ChoiceValue, ModuleValue or InstanceValue or ListValue or FunctionValue or ChoiceValue):
                return new ChoiceValue([.. Alternatives(left).Concat(Alternatives(right)).Distinct()]);
            default:
                return Unknown("differs from one branch to the other", at);
        }
    }

    private ListContent Merge(ListContent left, ListContent right, IOperation at)
    {
        if (left.Items.Length == right.Items.Length && left.Keys.SequenceEqual(right.Keys) && left.Alternatives.IsEmpty && right.Alternatives.IsEmpty)
        {
            return new ListContent([.. left.Items.Zip(right.Items, (a, b) => Merge(a, b, at)!)])
            {
                Keys = left.Keys,
                Further = Merge(left.Further, right.Further, at),
            };
        }

        if (left.Items.Concat(right.Items).All(item => item.IsModule()) && left.Further is null && right.Further is null)
        {
            var contents = Contents(left).Concat(Contents(right)).Distinct();
            return new ListContent(ImmutableArray<Value>.Empty) { Alternatives = [.. contents] };
        }

        var common = left.Items.Zip(right.Items, (a, b) => (a, b)).TakeWhile(pair => ReferenceEquals(pair.a, pair.b)).Count();
        var rest = left.Items.Skip(common).Concat(right.Items.Skip(common)).Append(left.Further).Append(right.Further).Where(item => item is not null);
        return new ListContent([.. left.Items.Take(common)]) { Further = rest.Aggregate((a, b) => Merge(a, b, at)) };
    }

    private static IEnumerable<ListContent> Contents(ListContent content) => content.Alternatives.IsEmpty ? [content] : content.Alternatives;

    private static IEnumerable<Value> Alternatives(Value value) => value is ChoiceValue choice ? choice.Alternatives : [value];

    /// <summary>Whether a value matches a pattern, null where that is not known. Binds the pattern's variables.</summary>
    private bool? Matches(IPatternOperation pattern, Value value, Frame frame)
    {
        switch (pattern)
        {
            case IDeclarationPatternOperation declaration:
                Bind(declaration.DeclaredSymbol, value, frame);
                return declaration.MatchedType is null ? true : IsOfType(value, declaration.MatchedType);
            case ITypePatternOperation type:
                return IsOfType(value, type.MatchedType);
            case IRecursivePatternOperation recursive:
                Bind(recursive.DeclaredSymbol, value, frame);
                var matches = IsOfType(value, recursive.MatchedType);
                var hasConditions = recursive.DeconstructionSubpatterns.Length + recursive.PropertySubpatterns.Length > 0;
                return matches is false ? false : hasConditions && !recursive.PropertySubpatterns.IsEmpty ? null : hasConditions ? MatchesItems(recursive, value, frame) : matches;
            case IConstantPatternOperation constant:
                return AreEqual(value, Evaluate(constant.Value, frame));
            case INegatedPatternOperation negated:
                return !Matches(negated.Pattern, value, frame);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } or:
                return Or(Matches(or.LeftPattern, value, frame), Matches(or.RightPattern, value, frame));
            case IBinaryPatternOperation and:
                return And(Matches(and.LeftPattern, value, frame), Matches(and.RightPattern, value, frame));
            case IRelationalPatternOperation relational:
                return Compare(relational.OperatorKind, value, Evaluate(relational.Value, frame));
            case IDiscardPatternOperation:
                return true;
            default:
                return null;
        }
    }

    private bool? MatchesItems(IRecursivePatternOperation pattern, Value value, Frame frame) =>
        value is TupleValue tuple && tuple.Items.Length == pattern.DeconstructionSubpatterns.Length
            ? pattern.DeconstructionSubpatterns.Zip(tuple.Items, (inner, item) => Matches(inner, item, frame)).Aggregate((bool?)true, And)
            : null;

    private void Bind(ISymbol? variable, Value value, Frame frame)
    {
        if (variable is not null)
            _store.Write(frame.Declare(variable), value);
    }

    private static bool? AreEqual(Value left, Value right) => (left, right) switch
    {
        (ConstantValue a, ConstantValue b) when a.AsNumber() is { } x && b.AsNumber() is { } y => x == y,
        (ConstantValue a, ConstantValue b) => Equals(a.Content, b.Content),
        (ModuleValue or InstanceValue or ListValue or FunctionValue or TupleValue, ConstantValue { Content: null }) => false,
        _ => null,
    };

    private bool? IsOfType(Value value, ITypeSymbol? type)
    {
        if (type is null)
            return null;
        switch (value)
        {
            case ConstantValue { Content: null }:
                return false;
            case ModuleValue module:
                return DerivesFrom(module.Type, type);
            case InstanceValue instance:
                return DerivesFrom(instance.Type, type);
            case ListValue { Container: { } container }:
                return _symbols.OperationOfModule(type) is TorchOperation.Container other ? other.Kind == container : null;
            case TensorValue or WeightValue:
                return SymbolEqualityComparer.Default.Equals(type, _symbols.Tensor) ? true : null;
            default:
                return null;
        }
    }

    private static bool DerivesFrom(ITypeSymbol type, ITypeSymbol ancestor)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, ancestor))
                return true;
        }

        return type.AllInterfaces.Contains(ancestor, SymbolEqualityComparer.Default);
    }
}
