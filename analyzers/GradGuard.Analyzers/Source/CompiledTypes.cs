using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Source;

/// <summary>The types that a compilation declares.</summary>
internal static class CompiledTypes
{
    /// <summary>All of them, nested ones behind those that hold them.</summary>
    public static IReadOnlyList<INamedTypeSymbol> In(Compilation compilation) => [.. TypesIn(compilation.Assembly.GlobalNamespace)];

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamedTypeSymbol type => TypesIn(type).Prepend(type),
        INamespaceSymbol space => TypesIn(space),
        _ => [],
    });
}
