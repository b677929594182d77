using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>
/// Evaluates operations over abstract values: tensors become graph nodes, modules layers, numbers constants where they are known. Nothing is
/// guessed: what is not understood becomes Unknown with a reason and its place, and half-written code is no exception to that.
/// </summary>
internal sealed partial class Interpreter(TorchSymbols symbols, OperationResolver resolver, CancellationToken cancellationToken)
{
    private readonly TorchSymbols _symbols = symbols;
    private readonly OperationResolver _resolver = resolver;
    private readonly Store _store = new();
    private readonly Stack<SymbolicLoop> _loops = new();
    private int _evaluated;
    private int _depth;

    public NodeEmitter Emitter { get; } = new();

    private TorchCalls Torch => field ??= new TorchCalls(_symbols, Emitter, _store);

    /// <summary>The value of an expression. Never throws on code that does not compile.</summary>
    public Value Evaluate(IOperation? operation, Frame frame)
    {
        if (operation is null)
            return ConstantValue.Null;
        cancellationToken.ThrowIfCancellationRequested();
        if (++_evaluated > GraphLimits.EvaluatedOperations)
            return Unknown("too much code to follow", operation);
        if (operation.ConstantValue is { HasValue: true } constant)
            return new ConstantValue(constant.Value);
        if (_depth >= GraphLimits.OperationDepth)
            return Unknown("nested too deeply to follow", operation);
        _depth++;
        try
        {
            return EvaluateCore(operation, frame);
        }
        finally
        {
            _depth--;
        }
    }

    private ImmutableArray<Value> EvaluateAll(ImmutableArray<IOperation> operations, Frame frame) => [.. operations.Select(operation => Evaluate(operation, frame))];

    private static UnknownValue Unknown(string reason, IOperation at) => new(reason, at.Syntax.GetLocation());

    // No lambda here or in what is as hot: it would make an object of its captured parameters at each call, whichever way the call goes.
    private Value EvaluateCore(IOperation operation, Frame frame)
    {
        switch (operation)
        {
            case ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation
                or IArrayElementReferenceOperation or IImplicitIndexerReferenceOperation or IInstanceReferenceOperation:
                return Read(operation, frame);
            case IInvocationOperation invocation:
                return EvaluateInvocation(invocation, frame);
            case IObjectCreationOperation creation:
                return EvaluateCreation(creation, frame);
            case ISimpleAssignmentOperation assignment:
                return Assign(assignment.Target, Evaluate(assignment.Value, frame), frame);
            case ICompoundAssignmentOperation compound:
                return Assign(
                    compound.Target,
                    Binary(compound.OperatorKind, Evaluate(compound.Target, frame), Evaluate(compound.Value, frame), compound),
                    frame);
            case ICoalesceAssignmentOperation coalesce:
                var old = Evaluate(coalesce.Target, frame);
                return old.IsNull() ? Assign(coalesce.Target, Evaluate(coalesce.Value, frame), frame) : old;
            case IDeconstructionAssignmentOperation deconstruction:
                return Assign(deconstruction.Target, Evaluate(deconstruction.Value, frame), frame);
            case IIncrementOrDecrementOperation increment:
                var step = new ConstantValue(1);
                var kind = increment.Kind is OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
                return Assign(increment.Target, Binary(kind, Evaluate(increment.Target, frame), step, increment), frame);
            case IConversionOperation conversion:
                return Convert(conversion, Evaluate(conversion.Operand, frame));
            case IParenthesizedOperation parenthesized:
                return Evaluate(parenthesized.Operand, frame);
            case IBinaryOperation binary:
                return EvaluateBinary(binary, frame);
            case IUnaryOperation unary:
                return Unary(unary, Evaluate(unary.Operand, frame));
            case IConditionalOperation conditional:
                return EvaluateConditional(conditional, frame);
            case ISwitchExpressionOperation switchExpression:
                return EvaluateSwitchExpression(switchExpression, frame);
            case ICoalesceOperation coalesce:
                var first = Evaluate(coalesce.Value, frame);
                return first.IsNull() ? Evaluate(coalesce.WhenNull, frame) : first;
            case IConditionalAccessOperation access:
                return EvaluateConditionalAccess(access, frame);
            case IConditionalAccessInstanceOperation when frame.Implicit.Count > 0:
                return frame.Implicit.Peek();
            case ITupleOperation tuple:
                return new TupleValue(EvaluateAll(tuple.Elements, frame));
            case IArrayCreationOperation array:
                return EvaluateArray(array, frame);
            case ICollectionExpressionOperation collection:
                return EvaluateCollection(collection, frame);
            case IAnonymousFunctionOperation lambda:
                return new FunctionValue(lambda.Symbol, lambda.Body, frame, frame.Self);
            case IDelegateCreationOperation creation:
                return Evaluate(creation.Target, frame);
            case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } local when frame.Find(local.Method)?.Value is { } function:
                return function;
            case IMethodReferenceOperation reference:
                return new FunctionValue(reference.Method, null, frame, reference.Instance is null ? null : Evaluate(reference.Instance, frame));
            case IIsPatternOperation pattern:
                return new ConstantValue(Matches(pattern.Pattern, Evaluate(pattern.Value, frame), frame));
            case IIsTypeOperation isType:
                return new ConstantValue(IsOfType(Evaluate(isType.ValueOperand, frame), isType.TypeOperand) is { } known ? known ^ isType.IsNegated : null);
            case IInterpolatedStringOperation text:
                return EvaluateText(text, frame);
            case IAwaitOperation awaited:
                return Evaluate(awaited.Operation, frame);
            case IDefaultValueOperation:
                return ConstantValue.Null;
            case IDeclarationExpressionOperation declaration:
                return Evaluate(declaration.Expression, frame);
            case IWithOperation with:
                return Evaluate(with.Operand, frame);
            case IArgumentOperation argument:
                return Evaluate(argument.Value, frame);
            case ITypeOfOperation or INameOfOperation or ISizeOfOperation or IDiscardOperation or IThrowOperation:
                return ConstantValue.Null;
            case IInvalidOperation:
                return new UnknownValue("code that does not compile", operation.Syntax.GetLocation()) { IsInvalid = true };
            default:
                return Unknown($"{operation.Kind} is not followed", operation);
        }
    }

    /// <summary>A value used as a tensor: an unknown becomes an Unknown node, a number a constant tensor.</summary>
    private GraphNode Node(Value value, Location location) => Torch.Tensors.Node(value, location);

    private Value Convert(IConversionOperation conversion, Value value)
    {
        if (conversion.OperatorMethod is not null && _symbols.IsDeclaredInTorchSharp(conversion.OperatorMethod)
            && value is TensorValue tensor && !_symbols.IsTensor(conversion.Type) && conversion.Type?.SpecialType is not SpecialType.None)
            return Cut(GradientCutKind.Item, tensor, conversion);
        if (value is ConstantValue { Content: not null } constant && conversion.Type is { } type && constant.AsNumber() is { } number)
        {
            return type.SpecialType switch
            {
                SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Int16 or SpecialType.System_Byte =>
                    Math.Abs(number) < 1e15 ? new ConstantValue((long)number) : constant,
                SpecialType.System_Double or SpecialType.System_Single => new ConstantValue(number),
                _ => value,
            };
        }

        if (conversion.IsTryCast && conversion.Type is { } target && IsOfType(value, target) is false)
            return ConstantValue.Null;
        return value;
    }

    private Value Cut(GradientCutKind kind, TensorValue tensor, IOperation at)
    {
        var cut = Emitter.Add(new GradientCutNode(kind, tensor.Node, at.Syntax.GetLocation()));
        return new UnknownValue("a number read out of a tensor", at.Syntax.GetLocation()) { ReadFrom = cut };
    }

    private Value EvaluateText(IInterpolatedStringOperation text, Frame frame)
    {
        var parts = text.Parts.Select(part => part switch
        {
            IInterpolatedStringTextOperation literal => Evaluate(literal.Text, frame),
            IInterpolationOperation { FormatString: null, Alignment: null } hole => Evaluate(hole.Expression, frame),
            _ => Unknown("formatted text", part),
        }).Select(part => part.AsText()).ToArray();
        return parts.Contains(null) ? Unknown("text not known at compile time", text) : new ConstantValue(string.Concat(parts));
    }

    private Value EvaluateConditionalAccess(IConditionalAccessOperation access, Frame frame)
    {
        var receiver = Evaluate(access.Operation, frame);
        if (receiver.IsNull())
            return ConstantValue.Null;
        frame.Implicit.Push(receiver);
        var value = Evaluate(access.WhenNotNull, frame);
        frame.Implicit.Pop();
        return value;
    }
}
