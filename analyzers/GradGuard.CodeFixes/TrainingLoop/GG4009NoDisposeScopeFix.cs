using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4009: disposes the tensors of each iteration at its end.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4009NoDisposeScopeFix))]
[Shared]
public sealed class GG4009NoDisposeScopeFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4009NoDisposeScopeFix()
        : base("GG4009")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Dispose the tensors of each iteration at its end";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => diagnostic.Properties.ContainsKey(FixProperties.Scope) && Body(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (Body(node)?.Statements.FirstOrDefault() is not { } first)
            return;
        var name = ScopeNames.Free(editor.SemanticModel, first, "scope");
        LoopStatements.InsertBefore(editor, first, LoopStatements.Statement($"using var {name} = torch.NewDisposeScope();", first));
        Imports.AddTorchSharp(editor, first.SpanStart);
    }

    private static BlockSyntax? Body(SyntaxNode node) => node.FirstAncestorOrSelf<StatementSyntax>() switch
    {
        ForStatementSyntax { Statement: BlockSyntax body } => body,
        CommonForEachStatementSyntax { Statement: BlockSyntax body } => body,
        WhileStatementSyntax { Statement: BlockSyntax body } => body,
        DoStatementSyntax { Statement: BlockSyntax body } => body,
        _ => null,
    };
}
