using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Analyzers.Source;

/// <summary>
/// The types that <see cref="AssemblyReach"/> leaves out. The compiler is not asked for their code: that alone would double its work. Some of it is read
/// all the same at the end of a compilation, where torch code calls it. Filled concurrently.
/// </summary>
internal sealed class OrdinaryCode(Compilation compilation)
{
    private readonly ConcurrentBag<INamedTypeSymbol> _types = [];
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel?> _models = new();
    private ImmutableHashSet<SyntaxTree>? _trees;

    /// <summary>The types seen so far.</summary>
    public IEnumerable<INamedTypeSymbol> Types => _types;

    /// <summary>Their methods, constructors and accessors with code.</summary>
    public IEnumerable<IMethodSymbol> Methods => _types.SelectMany(type => type.GetMembers().OfType<IMethodSymbol>()).Where(HasCode);

    public void Add(INamedTypeSymbol type) => _types.Add(type);

    /// <summary>What the compiler knows of a file of these types; null for a file of others, or without code. Only at the end of a compilation.</summary>
    public SemanticModel? ModelOf(SyntaxTree tree)
    {
        _trees ??= [.. _types.SelectMany(type => type.DeclaringSyntaxReferences).Select(reference => reference.SyntaxTree)];
        return _trees.Contains(tree) ? _models.GetOrAdd(tree, Create) : null;
    }

#pragma warning disable RS1030 // A model of one's own costs binding, which the rule is there to spare; here it is what spares the binding of all the rest.
    private SemanticModel? Create(SyntaxTree tree) => HasCode(tree.GetRoot()) ? compilation.GetSemanticModel(tree) : null;
#pragma warning restore RS1030

    private static bool HasCode(IMethodSymbol method) =>
        !method.IsAbstract && method.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is ArrowExpressionClauseSyntax
            or BaseMethodDeclarationSyntax { Body: not null } or BaseMethodDeclarationSyntax { ExpressionBody: not null }
            or AccessorDeclarationSyntax { Body: not null } or AccessorDeclarationSyntax { ExpressionBody: not null });

    private static bool HasCode(SyntaxNode root) =>
        root.DescendantNodes().Any(node => node is BlockSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax);
}
