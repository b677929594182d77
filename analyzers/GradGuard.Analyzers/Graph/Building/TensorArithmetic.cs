using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Sums, products and comparisons of tensors with tensors or numbers, as operators, methods or functions.</summary>
internal sealed class TensorArithmetic(NodeEmitter emitter, TensorCreation tensors)
{
    public Value? Call(ArithmeticKind kind, Operands operands, Location location)
    {
        if (operands.First is not { } left)
            return null;
        switch (kind)
        {
            case ArithmeticKind.Logical when operands.Second is null:
                return left;
            case ArithmeticKind.AddScaledProduct when operands.All.Count >= 3:
                var product = emitter.Multiply(tensors.Node(operands.All[1], location), tensors.Node(operands.All[2], location), location);
                return new TensorValue(emitter.Sum(tensors.Node(left, location), product, isDifference: false, location));
            case ArithmeticKind.Interpolate when operands.All.Count >= 3:
                return new TensorValue(emitter.Unknown("lerp is not modelled", location, tensors.Node(left, location), tensors.Node(operands.All[1], location)));
            case ArithmeticKind.Add or ArithmeticKind.Subtract when operands.Arguments["alpha"] is { } alpha && operands.Second is { } second:
                return Apply(kind, left, alpha.AsNumber() == 1 ? second : Apply(ArithmeticKind.Multiply, second, alpha, location), location);
            default:
                return operands.Second is { } right ? Apply(kind, left, right, location) : null;
        }
    }

    public TensorValue Apply(ArithmeticKind kind, Value left, Value right, Location location)
    {
        var node = left.IsPlainNumber() || IsConstant(left)
            ? NumberFirst(kind, left.AsNumber(), tensors.Node(right, location), location)
            : right.IsPlainNumber() || IsConstant(right) || IsUnknownNumber(right)
                ? NumberSecond(kind, tensors.Node(left, location), right.AsNumber(), location)
                : IsUnknownNumber(left)
                    ? NumberFirst(kind, null, tensors.Node(right, location), location)
                    : Both(kind, tensors.Node(left, location), tensors.Node(right, location), location);
        return new TensorValue(node);
    }

    private static bool IsConstant(Value value) => value is TensorValue && value.AsNumber() is not null;

    private static bool IsUnknownNumber(Value value) => value is UnknownValue { IsInvalid: false };

    private GraphNode NumberFirst(ArithmeticKind kind, double? number, GraphNode tensor, Location location) => kind switch
    {
        ArithmeticKind.Subtract => emitter.Scale(tensor, -1, number, location),
        ArithmeticKind.Divide => emitter.Scale(emitter.Elementwise(ElementwiseKind.Reciprocal, tensor, location), number, 0, location),
        ArithmeticKind.Greater or ArithmeticKind.Compare => emitter.Elementwise(ElementwiseKind.Compare, tensor, location),
        ArithmeticKind.Power => number is { } b and > 0
            ? emitter.Elementwise(ElementwiseKind.Exp, emitter.Scale(tensor, Math.Log(b), 0, location), location)
            : emitter.Unknown("a power whose base is not known", location, tensor),
        _ => NumberSecond(kind, tensor, number, location),
    };

    private GraphNode NumberSecond(ArithmeticKind kind, GraphNode tensor, double? number, Location location) => kind switch
    {
        ArithmeticKind.Add => emitter.Scale(tensor, 1, number, location),
        ArithmeticKind.Subtract => emitter.Scale(tensor, 1, -number, location),
        ArithmeticKind.Multiply => emitter.Scale(tensor, number, 0, location),
        ArithmeticKind.Divide => emitter.Scale(tensor, number is 0 ? null : 1 / number, 0, location),
        ArithmeticKind.Maximum => emitter.Elementwise(ElementwiseKind.Clamp, tensor, location, number, double.PositiveInfinity),
        ArithmeticKind.Minimum => emitter.Elementwise(ElementwiseKind.Clamp, tensor, location, double.NegativeInfinity, number),
        ArithmeticKind.Greater => emitter.Elementwise(ElementwiseKind.Compare, tensor, location, number),
        ArithmeticKind.Compare or ArithmeticKind.Logical => emitter.Elementwise(ElementwiseKind.Compare, tensor, location),
        ArithmeticKind.Power => Power(tensor, number, location),
        _ => emitter.Elementwise(ElementwiseKind.Remainder, tensor, location),
    };

    private GraphNode Power(GraphNode tensor, double? exponent, Location location) => exponent switch
    {
        1 => tensor,
        2 => emitter.Elementwise(ElementwiseKind.Square, tensor, location),
        0.5 => emitter.Elementwise(ElementwiseKind.Sqrt, tensor, location),
        -0.5 => emitter.Elementwise(ElementwiseKind.Rsqrt, tensor, location),
        _ => emitter.Elementwise(ElementwiseKind.Power, tensor, location, exponent),
    };

    private GraphNode Both(ArithmeticKind kind, GraphNode left, GraphNode right, Location location)
    {
        switch (kind)
        {
            case ArithmeticKind.Add:
                return emitter.Sum(left, right, isDifference: false, location);
            case ArithmeticKind.Subtract:
                return emitter.Sum(left, right, isDifference: true, location);
            case ArithmeticKind.Multiply:
                return emitter.Multiply(left, right, location);
            case ArithmeticKind.Divide:
                return emitter.Divide(left, right, location);
            case ArithmeticKind.Maximum or ArithmeticKind.Minimum:
                return (kind is ArithmeticKind.Maximum ? HandWrittenActivations.Maximum(emitter, left, right, location) : null)
                    ?? emitter.Branch([left, right], location);
            case ArithmeticKind.Greater or ArithmeticKind.Compare or ArithmeticKind.Logical:
                return emitter.Elementwise(ElementwiseKind.Compare, left, location);
            case ArithmeticKind.Remainder:
                return emitter.Elementwise(ElementwiseKind.Remainder, left, location);
            default:
                return emitter.Unknown("a power of one tensor by another", location, left, right);
        }
    }
}
