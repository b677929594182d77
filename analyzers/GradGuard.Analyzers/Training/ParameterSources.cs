using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Training;

/// <summary>Finds the modules whose <c>parameters()</c> an expression hands on, to an optimizer or to clipping.</summary>
internal sealed class ParameterSources(LocalFacts facts, TorchSymbols torch)
{
    /// <summary>The modules' places, and whether they are all there is.</summary>
    public (ImmutableArray<Place> Modules, bool IsComplete) In(IOperation? expression)
    {
        var modules = ImmutableArray.CreateBuilder<Place>();
        var isComplete = Collect(expression, modules);
        return (modules.ToImmutable(), isComplete && modules.Count > 0);
    }

    private bool Collect(IOperation? expression, ImmutableArray<Place>.Builder modules)
    {
        switch (facts.Resolve(expression))
        {
            case IInvocationOperation call when torch.TrainingCallOf(call.TargetMethod) is TrainingCallKind.Parameters:
                if (facts.PlaceOf(call.Instance) is not { } place)
                    return false;
                modules.Add(place);
                return true;

            // Linq over parameters keeps their owner: ToArray, Where, Select, Concat.
            case IInvocationOperation { TargetMethod: { IsExtensionMethod: true, ContainingNamespace.Name: "Linq" } } linq:
                var sequences = linq.Arguments.Where(argument => argument.Parameter?.Type.TypeKind is not TypeKind.Delegate);
                return All(sequences.Select(argument => argument.Value), modules);
            case IArrayCreationOperation { Initializer: { } initializer }:
                return All(initializer.ElementValues, modules);
            case ICollectionExpressionOperation collection:
                return All(collection.Elements, modules);
            case ISpreadOperation spread:
                return Collect(spread.Operand, modules);

            // A parameter group: its parameters by argument or by initializer.
            case IObjectCreationOperation creation:
                var given = creation.Arguments.Select(argument => argument.Value)
                    .Concat(creation.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().Select(assignment => assignment.Value) ?? [])
                    .Where(value => value.Type is { SpecialType: SpecialType.None });
                return All(given, modules);
            default:
                return false;
        }
    }

    private bool All(IEnumerable<IOperation> expressions, ImmutableArray<Place>.Builder modules)
    {
        var isComplete = true;
        foreach (var expression in expressions)
            isComplete &= Collect(expression, modules);
        return isComplete;
    }
}
