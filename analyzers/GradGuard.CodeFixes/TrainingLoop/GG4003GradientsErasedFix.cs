using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4003: moves the zero_grad to just after the step.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4003GradientsErasedFix))]
[Shared]
public sealed class GG4003GradientsErasedFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4003GradientsErasedFix()
        : base("GG4003")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Zero the gradients after step() (changes the updates)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => Step(diagnostic, node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (Step(diagnostic, node) is { } step)
            LoopStatements.Move(editor, LoopStatements.StatementOf(node)!, step, isAfter: true);
    }

    private static StatementSyntax? Step(Diagnostic diagnostic, SyntaxNode node) =>
        LoopStatements.StatementOf(node) is { Parent: BlockSyntax block } && LoopStatements.FurtherPlace(diagnostic, node) is { } step
            ? LoopStatements.StatementIn(block, step)
            : null;
}
