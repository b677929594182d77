using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>
/// Tells an expression that makes a new module or parameter from one that reads an old one, and a module with state (weights, or a training mode
/// that matters) from one without.
/// </summary>
internal static class NewModules
{
    /// <summary>True where <paramref name="value"/> is certainly new and has state.</summary>
    public static bool Makes(IOperation? value, TorchSymbols torch) => value switch
    {
        IConversionOperation conversion => Makes(conversion.Operand, torch),
        IParenthesizedOperation parenthesized => Makes(parenthesized.Operand, torch),
        IConditionalOperation { WhenFalse: { } otherwise } choice =>
            (Makes(choice.WhenTrue, torch) && IsNewOrNull(otherwise, torch)) || (Makes(otherwise, torch) && IsNewOrNull(choice.WhenTrue, torch)),
        IObjectCreationOperation creation => HasState(creation.Type, torch),
        IInvocationOperation call when torch.TrainingCallOf(call.TargetMethod) is TrainingCallKind.MoveModule => Makes(call.Instance ?? call.Arguments.FirstOrDefault()?.Value, torch),
        IInvocationOperation call when torch.AreaOf(call.TargetMethod) is TorchArea.NN => HasState(call.TargetMethod.ReturnType, torch),
        _ => false,
    };

    private static bool IsNewOrNull(IOperation value, TorchSymbols torch) =>
        value is { ConstantValue: { HasValue: true, Value: null } } || Makes(value, torch);

    private static bool HasState(ITypeSymbol? type, TorchSymbols torch) =>
        torch.IsParameter(type)
        || torch.IsUserModule(type)
        || (torch.IsModule(type) && torch.OperationOfModule(type) is TorchOperation.Layer or TorchOperation.Normalization or TorchOperation.Dropout or TorchOperation.Container);
}
