using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>
/// A <c>GroupNorm</c> with scale and shift that the code which makes it does not fill in. The constructor leaves both as the memory they were given
/// in; every other layer fills its own.
/// </summary>
/// <param name="Location">Where it is made.</param>
/// <param name="Member">The field, property or local that keeps it; null in a container.</param>
/// <param name="WithoutWeight">True where nothing in this type touches its weight.</param>
/// <param name="WithoutBias">True where nothing in this type touches its bias.</param>
internal sealed record BareGroupNorm(Location Location, ISymbol? Member, bool WithoutWeight, bool WithoutBias)
{
    /// <summary>The releases whose constructor does so; a later one may have mended it.</summary>
    private static readonly (Version First, Version Behind) Affected = (new(0, 104), new(0, 108));

    /// <summary>All of a type's. One that is handed to the program's own code, or returned, is left out: it may be filled there.</summary>
    /// <param name="code">The blocks of its members.</param>
    /// <param name="calls">The calls in them.</param>
    /// <param name="torch">TorchSharp's symbols.</param>
    public static IEnumerable<BareGroupNorm> In(IEnumerable<IOperation> code, IEnumerable<IInvocationOperation> calls, TorchSymbols torch)
    {
        if (torch.Version < Affected.First || torch.Version >= Affected.Behind)
            return [];
        var made = calls.Where(call => IsAffine(call, torch)).ToList();
        if (made.Count == 0)
            return [];
        var operations = code.SelectMany(block => block.DescendantsAndSelf()).ToList();
        return made.Select(call => Read(call, operations, torch)).OfType<BareGroupNorm>().Where(norm => norm.WithoutWeight || norm.WithoutBias);
    }

    private static bool IsAffine(IInvocationOperation call, TorchSymbols torch) =>
        torch.AreaOf(call.TargetMethod) is TorchArea.NN
        && torch.OperationOf(call.TargetMethod) is TorchOperation.Normalization { Kind: NormalizationKind.Group }
        && call.Arguments.Any(argument => argument is { Parameter.Name: "affine", Value.ConstantValue: { HasValue: true, Value: true } });

    private static BareGroupNorm? Read(IInvocationOperation creation, List<IOperation> operations, TorchSymbols torch)
    {
        var (isKept, member) = Keeper(creation, torch);
        if (!isKept || (member is not null && operations.Any(operation => HandsOut(operation, member, torch))))
            return null;
        return new(creation.Syntax.GetLocation(), member,
            WithoutWeight: !operations.Any(operation => Touches(operation, member, "weight")),
            WithoutBias: !operations.Any(operation => Touches(operation, member, "bias")));
    }

    /// <summary>Where the new module ends up: in a container or unnamed (null), in a member; not kept where that is not known.</summary>
    private static (bool IsKept, ISymbol? Member) Keeper(IOperation creation, TorchSymbols torch)
    {
        for (var at = creation; ; at = at.Parent)
        {
            switch (at.Parent)
            {
                case IConversionOperation or IParenthesizedOperation or ITupleOperation or IArrayInitializerOperation or IArrayCreationOperation or IConditionalOperation:
                case IArgumentOperation { Parent: IInvocationOperation move } when torch.TrainingCallOf(move.TargetMethod) is TrainingCallKind.MoveModule:
                case IInvocationOperation called when torch.TrainingCallOf(called.TargetMethod) is TrainingCallKind.MoveModule:
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call }:
                    return (IsContainer(call.TargetMethod, torch), null);
                case IArgumentOperation { Parent: IObjectCreationOperation { Constructor: { } constructor } }:
                    return (torch.IsDeclaredInTorchSharp(constructor), null);
                case IAssignmentOperation { Target: var target } assignment when assignment.Value == at:
                    return (MemberOf(target) is { }, MemberOf(target));
                case IFieldInitializerOperation { InitializedFields: [var field] }:
                    return (true, field);
                case IPropertyInitializerOperation { InitializedProperties: [var property] }:
                    return (true, property);
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                    return (true, local);
                default:
                    return (false, null);
            }
        }
    }

    private static bool IsContainer(IMethodSymbol method, TorchSymbols torch) =>
        torch.AreaOf(method) is TorchArea.NN or TorchArea.Module || method.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic";

    private static ISymbol? MemberOf(IOperation? operation) => operation switch
    {
        IConversionOperation conversion => MemberOf(conversion.Operand),
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation { Arguments.IsEmpty: true } property => property.Property,
        ILocalReferenceOperation local => local.Local,
        _ => null,
    };

    private static bool Is(IOperation? operation, ISymbol member) => SymbolEqualityComparer.Default.Equals(MemberOf(operation), member);

    private static bool Touches(IOperation operation, ISymbol? member, string parameter) =>
        member is not null && operation is IPropertyReferenceOperation property && property.Property.Name == parameter && Is(property.Instance, member);

    /// <summary>Passes the module to a method of the program's own, or lets it out as a value.</summary>
    private static bool HandsOut(IOperation operation, ISymbol member, TorchSymbols torch) => operation switch
    {
        IArgumentOperation { Parent: IInvocationOperation call } argument => Is(argument.Value, member) && !torch.IsDeclaredInTorchSharp(call.TargetMethod),
        IArgumentOperation { Parent: IObjectCreationOperation creation } argument => Is(argument.Value, member) && creation.Constructor is { } made && !torch.IsDeclaredInTorchSharp(made),
        IReturnOperation { ReturnedValue: { } value } => Is(value, member),
        _ => false,
    };
}
