using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>
/// Fingerprints what a file declares: everything that another file's code can mean something by. Bodies and initial values are left out,
/// since no other file's meaning rests on them; constants, enum values and default arguments are kept, since overload resolution may.
/// </summary>
internal static class DeclarationText
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>FNV-1a over the tokens that declare something and the directives that change what they mean.</summary>
    public static ulong Fingerprint(SyntaxNode root) => Add(Offset, root);

    /// <summary>Takes one fingerprint more into another.</summary>
    public static ulong Combine(ulong hash, ulong other) => (hash ^ other) * Prime;

    private static ulong Add(ulong hash, SyntaxNode node)
    {
        foreach (var child in node.ChildNodesAndTokens())
        {
            if (child.AsNode() is not { } inner)
                hash = Add(hash, child.AsToken());
            else if (!IsInside(inner))
                hash = Add(hash, inner);
            else
                hash = Combine(AddDirectives(hash, inner), (ulong)inner.RawKind);
        }

        return hash;
    }

    /// <summary>True for what is nobody else's business: a body, and the value that a field or property starts with.</summary>
    private static bool IsInside(SyntaxNode node) => node switch
    {
        BlockSyntax or ArrowExpressionClauseSyntax or ConstructorInitializerSyntax or GlobalStatementSyntax => true,
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax } => true,
        EqualsValueClauseSyntax { Parent.Parent.Parent: BaseFieldDeclarationSyntax field } => !field.Modifiers.Any(SyntaxKind.ConstKeyword),
        _ => false,
    };

    private static ulong Add(ulong hash, SyntaxToken token)
    {
        if (token.ContainsDirectives)
        {
            foreach (var trivia in token.LeadingTrivia.Concat(token.TrailingTrivia))
                hash = AddDirective(hash, trivia);
        }

        return Add(hash, token.Text);
    }

    private static ulong AddDirectives(ulong hash, SyntaxNode node)
        => node.ContainsDirectives ? node.DescendantTrivia().Aggregate(hash, AddDirective) : hash;

    /// <summary><c>#nullable</c> goes on beyond where it stands; what <c>#if</c> leaves out is no token to begin with.</summary>
    private static ulong AddDirective(ulong hash, SyntaxTrivia trivia)
        => trivia.IsKind(SyntaxKind.NullableDirectiveTrivia) ? Add(hash, trivia.ToString()) : hash;

    private static ulong Add(ulong hash, string text)
    {
        foreach (var letter in text)
            hash = (hash ^ letter) * Prime;
        return (hash ^ '\n') * Prime;
    }
}
