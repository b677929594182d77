using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Modules;

/// <summary>GG6006: observes just before the step, or disposes the monitor at the end of its block.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG6006MonitorMisuseFix))]
[Shared]
public sealed class GG6006MonitorMisuseFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG6006MonitorMisuseFix()
        : base("GG6006")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => LacksUsing(diagnostic) ? "Dispose the monitor with 'using'" : "Observe just before step()";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        LacksUsing(diagnostic) ? Declaration(node) is not null : LoopStatements.Neighbour(diagnostic, node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (LacksUsing(diagnostic) && Declaration(node) is { } declaration)
        {
            var keyword = SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithLeadingTrivia(declaration.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
            editor.ReplaceNode(declaration, declaration.WithoutLeadingTrivia().WithUsingKeyword(keyword));
        }
        else if (LoopStatements.Neighbour(diagnostic, node) is { } step)
        {
            LoopStatements.Move(editor, LoopStatements.StatementOf(node)!, step, isAfter: false);
        }
    }

    private static bool LacksUsing(Diagnostic diagnostic) => diagnostic.Properties.ContainsKey(FixProperties.Scope);

    private static LocalDeclarationStatementSyntax? Declaration(SyntaxNode node) =>
        node.FirstAncestorOrSelf<StatementSyntax>() is LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1 } declaration ? declaration : null;
}
