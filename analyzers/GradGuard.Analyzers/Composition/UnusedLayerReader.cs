using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>Finds the layers that a module class makes, keeps in a private member and never looks at again.</summary>
internal sealed class UnusedLayerReader(INamedTypeSymbol type, OperationResolver operations, TorchSymbols torch)
{
    /// <summary>Methods that reach a layer without naming its member.</summary>
    private static readonly ImmutableHashSet<string> Walks =
        ImmutableHashSet.Create("children", "named_children", "modules", "named_modules", "get_submodule");

    /// <summary>
    /// The layers, in the order of the source. None where a member could be reached by other means than its name, where some of the code cannot be
    /// seen or does not compile, and where no layer is used at all: such a class is a stub.
    /// </summary>
    public ImmutableArray<MadeMember> Read()
    {
        if (CodeOf(type) is not { } own || BaseCode() is not { } inherited)
            return ImmutableArray<MadeMember>.Empty;
        var code = own.SelectMany(block => block.DescendantsAndSelf()).ToList();
        if (code.Any(operation => operation is IInvalidOperation) || code.Concat(inherited).OfType<IInvocationOperation>().Any(ReachesAnything))
            return ImmutableArray<MadeMember>.Empty;
        var used = new HashSet<ISymbol>(code.Where(IsUse).Select(MemberOf).OfType<ISymbol>(), SymbolEqualityComparer.Default);
        var made = MadeMember.In(code, type, torch);
        return made.Any(layer => used.Contains(layer.Member))
            ? made.Where(layer => layer.Member.DeclaredAccessibility is Accessibility.Private && !used.Contains(layer.Member)).ToImmutableArray()
            : ImmutableArray<MadeMember>.Empty;
    }

    /// <summary>The blocks of a type and of the types in it, which see its private members; null where some lie out of sight.</summary>
    private List<IOperation>? CodeOf(INamedTypeSymbol owner)
    {
        var blocks = new List<IOperation>();
        foreach (var member in owner.GetMembers())
        {
            var inner = member is INamedTypeSymbol nested ? CodeOf(nested) : [.. operations.BlocksOf(member)];
            if (inner is null || (inner.Count == 0 && member is IMethodSymbol { IsImplicitlyDeclared: false } && operations.IsElsewhere(member)))
                return null;
            blocks.AddRange(inner);
        }

        return blocks;
    }

    private List<IOperation>? BaseCode()
    {
        var blocks = new List<IOperation>();
        for (var parent = type.BaseType; parent is not null && !torch.IsDeclaredInTorchSharp(parent); parent = parent.BaseType)
        {
            if (CodeOf(parent.OriginalDefinition) is not { } code)
                return null;
            blocks.AddRange(code.SelectMany(block => block.DescendantsAndSelf()));
        }

        return blocks;
    }

    private bool ReachesAnything(IInvocationOperation call) =>
        torch.TrainingCallOf(call.TargetMethod) is TrainingCallKind.LoadState
        || (Walks.Contains(call.TargetMethod.Name) && torch.AreaOf(call.TargetMethod) is TorchArea.Module)
        || call.TargetMethod.ContainingNamespace?.ToDisplayString() == "System.Reflection"
        || call.TargetMethod is { ContainingType: { Name: "Type", ContainingNamespace.Name: "System" }, IsStatic: false };

    private static ISymbol? MemberOf(IOperation operation) => (operation as IMemberReferenceOperation)?.Member.OriginalDefinition;

    /// <summary>False where a member is only filled, named, registered, or its weights given their first values.</summary>
    private bool IsUse(IOperation reference)
    {
        if (reference is not (IFieldReferenceOperation or IPropertyReferenceOperation))
            return false;
        var at = reference;
        if (at.Parent is IAssignmentOperation filled && filled.Target == at)
        {
            if (filled.Parent is IExpressionStatementOperation)
                return false;
            at = filled;
        }

        while (at.Parent is IConversionOperation)
            at = at.Parent;
        if (at.Parent is IPropertyReferenceOperation { Property.Name: "weight" or "bias" } weights && weights.Instance == at)
            return !IsArgumentOf(weights, call => torch.AreaOf(call) is TorchArea.Initializers);
        return at.Parent is not INameOfOperation && !IsArgumentOf(at, call => torch.TrainingCallOf(call) is TrainingCallKind.Register);
    }

    private static bool IsArgumentOf(IOperation value, Func<IMethodSymbol, bool> isMeant) =>
        (value.Parent is IConversionOperation conversion ? conversion : value).Parent is IArgumentOperation { Parent: IInvocationOperation call } && isMeant(call.TargetMethod);
}
