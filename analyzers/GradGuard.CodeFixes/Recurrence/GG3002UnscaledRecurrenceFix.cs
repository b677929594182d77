using System.Composition;
using GradGuard.CodeFixes.Initialization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.CodeFixes.Recurrence;

/// <summary>GG3002: makes the matrix orthogonal where it is drawn.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG3002UnscaledRecurrenceFix))]
[Shared]
public sealed class GG3002UnscaledRecurrenceFix : InitializerCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG3002UnscaledRecurrenceFix()
        : base("GG3002")
    {
    }

    /// <summary>The finding is at the product; the matrix gets its first values at the first additional location.</summary>
    protected override ExpressionSyntax? FirstValues(Diagnostic diagnostic, SyntaxNode node) =>
        diagnostic.AdditionalLocations is [{ } location, ..] && location.SourceTree == diagnostic.Location.SourceTree
            ? AsExpression(node.SyntaxTree.GetRoot().FindNode(location.SourceSpan, getInnermostNodeForTie: true))
            : null;
}
