using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>A module or parameter with state that a class makes and keeps in a field or auto-property of its own.</summary>
/// <param name="Member">The field or property.</param>
/// <param name="Location">Where the module is made.</param>
internal sealed record MadeMember(ISymbol Member, Location Location)
{
    /// <summary>All of <paramref name="type"/>'s, in the order of <paramref name="operations"/>; a member that is filled twice counts once.</summary>
    public static ImmutableArray<MadeMember> In(IEnumerable<IOperation> operations, INamedTypeSymbol type, TorchSymbols torch) => operations
        .SelectMany(operation => Read(operation, type, torch))
        .GroupBy(made => made.Member, SymbolEqualityComparer.Default)
        .Select(creations => creations.First())
        .ToImmutableArray();

    private static IEnumerable<MadeMember> Read(IOperation operation, INamedTypeSymbol type, TorchSymbols torch)
    {
        var (members, value) = operation switch
        {
            IFieldInitializerOperation field => (field.InitializedFields.CastArray<ISymbol>(), field.Value),
            IPropertyInitializerOperation property => (property.InitializedProperties.CastArray<ISymbol>(), property.Value),
            IAssignmentOperation { Target: var target } assignment when ModuleMembers.Of(target) is { } member => (ImmutableArray.Create(member), assignment.Value),
            _ => (ImmutableArray<ISymbol>.Empty, operation),
        };
        return NewModules.Makes(value, torch)
            ? members.Where(member => SymbolEqualityComparer.Default.Equals(member.ContainingType, type)).Select(member => new MadeMember(member, value.Syntax.GetLocation()))
            : [];
    }
}
