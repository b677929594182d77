using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4008: evaluates under no_grad, from eval() to the end of the block.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4008EvaluationModeFix))]
[Shared]
public sealed class GG4008EvaluationModeFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4008EvaluationModeFix()
        : base("GG4008")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Evaluate under no_grad()";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => diagnostic.Properties.ContainsKey(FixProperties.Scope) && Eval(diagnostic, node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (Eval(diagnostic, node) is not { } eval)
            return;
        var name = ScopeNames.Free(editor.SemanticModel, eval, "noGrad");
        LoopStatements.InsertAfter(editor, eval, LoopStatements.Statement($"using var {name} = torch.no_grad();", eval));
        Imports.AddTorchSharp(editor, eval.SpanStart);
    }

    /// <summary>The statement of eval(), where the forward follows in its own block.</summary>
    private static StatementSyntax? Eval(Diagnostic diagnostic, SyntaxNode node) =>
        LoopStatements.FurtherPlace(diagnostic, node) is { } eval && LoopStatements.StatementOf(eval) is { } statement && LoopStatements.ListOf(statement)!.Contains(node)
            ? statement
            : null;
}
