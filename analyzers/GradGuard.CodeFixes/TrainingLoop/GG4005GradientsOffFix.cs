using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4005: disposes the grad mode at the end of its block.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4005GradientsOffFix))]
[Shared]
public sealed class GG4005GradientsOffFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4005GradientsOffFix()
        : base("GG4005")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Dispose it at the end of this block (gradients come back on there)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => Statement(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        switch (Statement(node))
        {
            case LocalDeclarationStatementSyntax declaration:
                editor.ReplaceNode(declaration, declaration.WithoutLeadingTrivia()
                    .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
                    .WithLeadingTrivia(declaration.GetLeadingTrivia()));
                break;
            case ExpressionStatementSyntax statement:
                var name = ScopeNames.Free(editor.SemanticModel, statement, "noGrad");
                editor.ReplaceNode(statement, SyntaxFactory.ParseStatement($"using var {name} = {node.WithoutTrivia()};").WithTriviaFrom(statement));
                break;
        }
    }

    /// <summary>The statement that makes the grad mode and throws it away; null for the other forms of the rule.</summary>
    private static StatementSyntax? Statement(SyntaxNode node) =>
        node is InvocationExpressionSyntax { Expression: var called } && called.ToString().Split('.').Last() is "no_grad" or "inference_mode"
        && node.FirstAncestorOrSelf<StatementSyntax>() is { } statement and (ExpressionStatementSyntax or LocalDeclarationStatementSyntax) && LoopStatements.ListOf(statement) is not null
            ? statement
            : null;
}
