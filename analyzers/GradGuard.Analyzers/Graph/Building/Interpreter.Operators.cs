using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Graph.Building;

internal sealed partial class Interpreter
{
    private Value EvaluateBinary(IBinaryOperation binary, Frame frame)
    {
        var left = Evaluate(binary.LeftOperand, frame);
        if (binary.OperatorKind is BinaryOperatorKind.ConditionalAnd && left.AsTruth() is false)
            return left;
        if (binary.OperatorKind is BinaryOperatorKind.ConditionalOr && left.AsTruth() is true)
            return left;
        return Binary(binary.OperatorKind, left, Evaluate(binary.RightOperand, frame), binary);
    }

    private Value Binary(BinaryOperatorKind kind, Value left, Value right, IOperation at)
    {
        if (IsTensor(left) || IsTensor(right))
            return TensorOperator(kind, left, right, at);
        switch (kind)
        {
            case BinaryOperatorKind.Equals:
                return Truth(AreEqual(left, right), at);
            case BinaryOperatorKind.NotEquals:
                return Truth(!AreEqual(left, right), at);
            case BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And when left is ConstantValue { Content: bool } || right is ConstantValue { Content: bool }:
                return Truth(And(left.AsTruth(), right.AsTruth()), at);
            case BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or when left is ConstantValue { Content: bool } || right is ConstantValue { Content: bool }:
                return Truth(Or(left.AsTruth(), right.AsTruth()), at);
            case BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual:
                return Truth(Compare(kind, left, right), at);
            case BinaryOperatorKind.Add when left is ConstantValue { Content: string } || right is ConstantValue { Content: string }:
                return left.AsText() is { } a && right.AsText() is { } b ? new ConstantValue(a + b) : Unknown("text not known at compile time", at);
            default:
                return Index(kind, left, right) ?? Arithmetic(kind, left, right, at);
        }
    }

    /// <summary>t ± c stays exact; anything else of a loop variable only remembers that it depends on it.</summary>
    private static IndexValue? Index(BinaryOperatorKind kind, Value left, Value right) => (kind, left, right) switch
    {
        (BinaryOperatorKind.Add, IndexValue index, _) when right.AsInteger() is { } step => new(index.Loop, index.Offset + step),
        (BinaryOperatorKind.Add, _, IndexValue index) when left.AsInteger() is { } step => new(index.Loop, index.Offset + step),
        (BinaryOperatorKind.Subtract, IndexValue index, _) when right.AsInteger() is { } step => new(index.Loop, index.Offset - step),
        (_, IndexValue index, _) => new(index.Loop, null),
        (_, _, IndexValue index) => new(index.Loop, null),
        _ => null,
    };

    private static Value Arithmetic(BinaryOperatorKind kind, Value left, Value right, IOperation at)
    {
        if (left.AsNumber() is not { } a || right.AsNumber() is not { } b)
            return new UnknownValue("a number not known at compile time", at.Syntax.GetLocation())
            {
                ReadFrom = (left as UnknownValue)?.ReadFrom ?? (right as UnknownValue)?.ReadFrom,
            };
        var isInteger = at.Type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Int16 or SpecialType.System_Byte;
        double? result = kind switch
        {
            BinaryOperatorKind.Add => a + b,
            BinaryOperatorKind.Subtract => a - b,
            BinaryOperatorKind.Multiply => a * b,
            BinaryOperatorKind.Divide => b == 0 && isInteger ? null : isInteger ? Math.Truncate(a / b) : a / b,
            BinaryOperatorKind.Remainder => b == 0 ? null : a % b,
            BinaryOperatorKind.LeftShift => a * Math.Pow(2, b),
            BinaryOperatorKind.RightShift => Math.Floor(a / Math.Pow(2, b)),
            _ => null,
        };
        return result is null ? Unknown("a number not known at compile time", at)
            : isInteger && Math.Abs(result.Value) < 1e15 ? new ConstantValue((long)result.Value) : new ConstantValue(result.Value);
    }

    private static bool? Compare(BinaryOperatorKind kind, Value left, Value right) =>
        left.AsNumber() is { } a && right.AsNumber() is { } b
            ? kind switch
            {
                BinaryOperatorKind.LessThan => a < b,
                BinaryOperatorKind.LessThanOrEqual => a <= b,
                BinaryOperatorKind.GreaterThan => a > b,
                BinaryOperatorKind.GreaterThanOrEqual => a >= b,
                _ => null,
            }
            : null;

    private static Value Truth(bool? truth, IOperation at) => truth is null ? Unknown("not decided at compile time", at) : new ConstantValue(truth);

    private Value Unary(IUnaryOperation unary, Value operand) => unary.OperatorKind switch
    {
        UnaryOperatorKind.Minus when IsTensor(operand) =>
            new TensorValue(Emitter.Elementwise(ElementwiseKind.Negate, Node(operand, unary.Syntax.GetLocation()), unary.Syntax.GetLocation())),
        UnaryOperatorKind.Minus when operand.AsNumber() is { } number => new ConstantValue(-number),
        UnaryOperatorKind.Plus => operand,
        UnaryOperatorKind.Not => Truth(!operand.AsTruth(), unary),
        UnaryOperatorKind.Hat => new ConstantValue(Tuple.Create(operand.AsInteger())),
        UnaryOperatorKind.BitwiseNegation when IsTensor(operand) => operand,
        _ when operand is IndexValue index => new IndexValue(index.Loop, null),
        _ => Unknown("a number not known at compile time", unary),
    };

    private Value TensorOperator(BinaryOperatorKind kind, Value left, Value right, IOperation at)
    {
        var location = at.Syntax.GetLocation();
        if (kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && (left.IsNull() || right.IsNull()))
            return Unknown("whether a tensor is given", at);
        return kind switch
        {
            BinaryOperatorKind.Add => Torch.Arithmetic.Apply(ArithmeticKind.Add, left, right, location),
            BinaryOperatorKind.Subtract => Torch.Arithmetic.Apply(ArithmeticKind.Subtract, left, right, location),
            BinaryOperatorKind.Multiply => Torch.Arithmetic.Apply(ArithmeticKind.Multiply, left, right, location),
            BinaryOperatorKind.Divide => Torch.Arithmetic.Apply(ArithmeticKind.Divide, left, right, location),
            BinaryOperatorKind.Remainder => Torch.Arithmetic.Apply(ArithmeticKind.Remainder, left, right, location),
            BinaryOperatorKind.GreaterThan => Torch.Arithmetic.Apply(ArithmeticKind.Greater, left, right, location),
            BinaryOperatorKind.LessThan => Torch.Arithmetic.Apply(ArithmeticKind.Greater, right, left, location),
            BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals =>
                Torch.Arithmetic.Apply(ArithmeticKind.Compare, left, right, location),
            _ => Torch.Arithmetic.Apply(ArithmeticKind.Logical, left, right, location),
        };
    }

    private static bool IsTensor(Value value) => value is TensorValue or WeightValue;

    private Value EvaluateArray(IArrayCreationOperation array, Frame frame)
    {
        if (array.Initializer is { } initializer)
            return new ListValue(new ListContent([.. initializer.ElementValues.Select(element => Evaluate(element, frame))]));
        if (array.DimensionSizes.Length == 1 && Evaluate(array.DimensionSizes[0], frame).AsInteger() is { } size and >= 0 and <= GraphLimits.UnrolledIterations)
            return new ListValue(new ListContent([.. Enumerable.Repeat<Value>(ConstantValue.Null, (int)size)]));
        return new ListValue(new ListContent(ImmutableArray<Value>.Empty) { Further = ConstantValue.Null });
    }

    private Value EvaluateCollection(ICollectionExpressionOperation collection, Frame frame)
    {
        var list = new ListValue(ListContent.Empty);
        foreach (var element in collection.Elements)
        {
            var value = Evaluate(element is ISpreadOperation spread ? spread.Operand : element, frame);
            if (element is ISpreadOperation)
                AppendAll(list, value);
            else
                Append(list, value);
        }

        return list;
    }
}
