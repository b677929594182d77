using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>Reads what code does to <c>p.grad</c> by hand: zero it, clamp it, scale it, or something else.</summary>
internal sealed class GradientWriteReader(LocalFacts facts, TorchSymbols torch)
{
    /// <summary>An in-place method of TorchSharp's on a gradient.</summary>
    public IEnumerable<TrainingNode> Read(IInvocationOperation call)
    {
        var subject = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        if (!torch.IsInPlace(call.TargetMethod) || !facts.IsGradient(subject))
            yield break;
        var operand = call.Arguments.Skip(call.Instance is null ? 1 : 0).FirstOrDefault()?.Value;
        yield return Event(KindOf(call.TargetMethod.Name, operand), call);
    }

    /// <summary><c>p.grad = …</c> and <c>p.grad *= …</c>.</summary>
    public IEnumerable<TrainingNode> Read(IAssignmentOperation assignment)
    {
        if (!facts.IsGradient(assignment.Target) || assignment.Target is ILocalReferenceOperation { IsDeclaration: true })
            yield break;
        yield return Event(assignment is ICompoundAssignmentOperation compound ? KindOf(compound) : KindOf(assignment.Value), assignment);
    }

    /// <summary>A gradient handed to a method of the program's own, which may do anything with it.</summary>
    public IEnumerable<TrainingNode> ReadPassedOn(IInvocationOperation call)
    {
        if (call.Arguments.Any(argument => facts.IsGradient(argument.Value)))
            yield return Event(TrainingEventKind.WriteGradient, call);
    }

    private static TrainingEventKind KindOf(string method, IOperation? operand) => method switch
    {
        "zero_" or "zeros_" => TrainingEventKind.HandWrittenZero,
        "fill_" when IsZero(operand) => TrainingEventKind.HandWrittenZero,
        "clamp_" or "clip_" or "clamp_min_" or "clamp_max_" or "renorm_" => TrainingEventKind.HandWrittenClip,
        "mul_" or "multiply_" or "div_" or "divide_" or "true_divide_" => ScaledBy(operand),
        _ => TrainingEventKind.WriteGradient,
    };

    private static TrainingEventKind KindOf(ICompoundAssignmentOperation compound) => compound.OperatorKind switch
    {
        BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide => ScaledBy(compound.Value),
        _ => TrainingEventKind.WriteGradient,
    };

    private TrainingEventKind KindOf(IOperation value) => value switch
    {
        IConversionOperation conversion => KindOf(conversion.Operand),
        { ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation => TrainingEventKind.HandWrittenZero,
        IInvocationOperation call when torch.OperationOf(call.TargetMethod) is TorchOperation.Elementwise { Kind: ElementwiseKind.Clamp } =>
            TrainingEventKind.HandWrittenClip,
        IInvocationOperation { TargetMethod.Name: "zeros_like" or "zeros" } => TrainingEventKind.HandWrittenZero,
        IInvocationOperation { TargetMethod.Name: "mul" or "div" } call => ScaledBy(call.Arguments.LastOrDefault()?.Value),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide } scaled =>
            ScaledBy(facts.IsGradient(scaled.LeftOperand) ? scaled.RightOperand : scaled.LeftOperand),
        _ => TrainingEventKind.WriteGradient,
    };

    /// <summary>A factor known at compile time cannot depend on the norm: it undoes a scale. A computed one may be a clip.</summary>
    private static TrainingEventKind ScaledBy(IOperation? factor) => factor switch
    {
        IConversionOperation { ConstantValue.HasValue: false } conversion => ScaledBy(conversion.Operand),
        { ConstantValue.HasValue: true } => TrainingEventKind.Unscale,
        _ => TrainingEventKind.HandWrittenClip,
    };

    private static bool IsZero(IOperation? operand) => operand switch
    {
        IConversionOperation { ConstantValue.HasValue: false } conversion => IsZero(conversion.Operand),
        { ConstantValue: { HasValue: true, Value: int or long or float or double } constant } =>
            Convert.ToDouble(constant.Value, System.Globalization.CultureInfo.InvariantCulture) == 0,
        _ => false,
    };

    private static TrainingEvent Event(TrainingEventKind kind, IOperation operation) => new(kind, target: null, operation.Syntax.GetLocation());
}
