using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>The members and variables on which the code of a type registers hooks.</summary>
/// <param name="registrations">The calls that register a hook.</param>
internal sealed class HookedModules(IEnumerable<IInvocationOperation> registrations)
{
    private readonly HashSet<ISymbol> _named = new(registrations.Select(call => Named(call.Instance)).OfType<ISymbol>(), SymbolEqualityComparer.Default);

    /// <summary>True where a hook sits on the module that <paramref name="receiver"/> names.</summary>
    public bool Contain(IOperation receiver) => Named(receiver) is { } module && _named.Contains(module);

    private static ISymbol? Named(IOperation? receiver) => receiver switch
    {
        IFieldReferenceOperation { Field: var field } => field,
        IPropertyReferenceOperation { Property: { IsIndexer: false } property } => property,
        ILocalReferenceOperation { Local: var local } => local,
        IParameterReferenceOperation { Parameter: var parameter } => parameter,
        _ => null,
    };
}
