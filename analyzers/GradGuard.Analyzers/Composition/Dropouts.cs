using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>Reads the functional dropouts of a module class.</summary>
internal static class Dropouts
{
    /// <summary>
    /// Those that run in evaluation as in training: <c>training</c> is left at its default, which is true (<c>alpha_dropout</c>'s is false), they
    /// stand under no condition, and the member that holds them never decides anything by whether the module trains.
    /// </summary>
    public static IEnumerable<DropoutCall> WithoutEnd(IEnumerable<IOperation> code, TorchSymbols torch) => code
        .Select(block => block.DescendantsAndSelf().ToList())
        .Where(member => !member.Any(operation => DecidesByTraining(operation, torch)))
        .SelectMany(member => member.OfType<IInvocationOperation>())
        .Where(call => torch.AreaOf(call.TargetMethod) is TorchArea.Functional && torch.OperationOf(call.TargetMethod) is TorchOperation.Dropout
            && call.Arguments.Any(IsTrainingLeftAtTrue) && !IsConditional(call))
        .Select(call => new DropoutCall(call.Syntax.GetLocation(), call.TargetMethod.Name));

    private static bool IsTrainingLeftAtTrue(IArgumentOperation argument) =>
        argument is { ArgumentKind: ArgumentKind.DefaultValue, Parameter.Name: "training", Value.ConstantValue: { HasValue: true, Value: true } };

    /// <summary>Reads the module's mode for something else than to hand it on.</summary>
    private static bool DecidesByTraining(IOperation operation, TorchSymbols torch) =>
        operation is IPropertyReferenceOperation { Property: { Name: "training" } property, Parent: not IArgumentOperation } && torch.IsDeclaredInTorchSharp(property);

    private static bool IsConditional(IOperation operation)
    {
        for (var at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is IConditionalOperation or ISwitchOperation or ISwitchExpressionOperation)
                return true;
        }

        return false;
    }
}
