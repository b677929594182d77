using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Modules;

/// <summary>GG6005: passes the module's <c>training</c> on.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG6005EndlessDropoutFix))]
[Shared]
public sealed class GG6005EndlessDropoutFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG6005EndlessDropoutFix()
        : base("GG6005")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Pass 'training: training' (outputs in evaluation change)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => node is InvocationExpressionSyntax;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node) =>
        editor.ReplaceNode(node, (current, _) => ((InvocationExpressionSyntax)current).AddArgumentListArguments(
            SyntaxFactory.Argument(
                SyntaxFactory.NameColon(SyntaxFactory.IdentifierName("training"), SyntaxFactory.Token(SyntaxKind.ColonToken).WithTrailingTrivia(SyntaxFactory.Space)),
                default,
                SyntaxFactory.IdentifierName("training"))));
}
