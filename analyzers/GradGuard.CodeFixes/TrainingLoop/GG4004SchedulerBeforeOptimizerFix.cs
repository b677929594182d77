using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4004: moves the scheduler behind the optimizer, or behind the inner loop that steps it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4004SchedulerBeforeOptimizerFix))]
[Shared]
public sealed class GG4004SchedulerBeforeOptimizerFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4004SchedulerBeforeOptimizerFix()
        : base("GG4004")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Step the scheduler after the optimizer (changes the learning rates)";

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
