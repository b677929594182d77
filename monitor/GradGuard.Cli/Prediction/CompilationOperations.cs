using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Cli.Prediction;

/// <summary>Gathers the operations of every member of a compilation, which the analyzer is handed and a command has to ask for.</summary>
internal static class CompilationOperations
{
    /// <summary>The types that the compilation declares, and a resolver that knows the code of all of them.</summary>
    public static (IReadOnlyList<INamedTypeSymbol> Types, OperationResolver Resolver) Gather(CSharpCompilation compilation, CancellationToken cancellation)
    {
        var seeds = new MemberOperations();
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            Seed(compilation.GetSemanticModel(tree), seeds);
        }

        var types = TypesIn(compilation.Assembly.GlobalNamespace).ToList();
        var sameFiles = new OperationResolver(seeds);
        var everything = new MemberOperations();
        foreach (var member in types.SelectMany(type => type.GetMembers()))
        {
            cancellation.ThrowIfCancellationRequested();
            if (sameFiles.BlocksOf(member) is { IsEmpty: false } blocks)
                everything.Add(member, blocks);
        }

        return (types, OperationResolver.OfCompilation(everything));
    }

    /// <summary>One operation of the file is enough for a resolver to read the others.</summary>
    private static void Seed(SemanticModel model, MemberOperations seeds)
    {
        foreach (var code in model.SyntaxTree.GetRoot().DescendantNodes().Where(node => node is BlockSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or StatementSyntax))
        {
            if (model.GetOperation(code) is not { } operation || model.GetEnclosingSymbol(code.SpanStart) is not { } member)
                continue;
            seeds.Add(member, ImmutableArray.Create(operation));
            return;
        }
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamedTypeSymbol type => TypesIn(type).Prepend(type),
        INamespaceSymbol space => TypesIn(space),
        _ => [],
    });
}
