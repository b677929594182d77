using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation.Sites;

/// <summary>Names and lines by which a place in the code is found again at run time.</summary>
internal static class SourceNames
{
    /// <summary>The name reflection gives a type: <c>Models.Net+Block`1</c>.</summary>
    public static string MetadataName(INamedTypeSymbol type)
    {
        if (type.ContainingType is { } outer)
            return $"{MetadataName(outer)}+{type.MetadataName}";
        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.MetadataName}" : type.MetadataName;
    }

    /// <summary>Where a node stands; a lambda or local function counts as the member around it.</summary>
    public static Place PlaceOf(SyntaxNode node, SemanticModel model)
    {
        var symbol = model.GetEnclosingSymbol(node.SpanStart);
        while (symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction } inner)
            symbol = inner.ContainingSymbol;
        var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        return new Place(type is null ? "" : MetadataName(type), MemberName(symbol), LineOf(node));
    }

    /// <summary>Line on which a node starts, counted from 1.</summary>
    public static int LineOf(SyntaxNode node) => node.SyntaxTree.GetLineSpan(node.Span).StartLinePosition.Line + 1;

    private static string MemberName(ISymbol? symbol) => symbol switch
    {
        IMethodSymbol { AssociatedSymbol: { } property } => property.Name,
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } => "new",
        IMethodSymbol { Name: "<Main>$" } => "Main",
        { } other => other.Name,
        null => "",
    };
}
