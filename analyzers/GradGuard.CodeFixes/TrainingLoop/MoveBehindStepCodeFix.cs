using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>Moves the statement that was found to just after the step, or after the inner loop that holds the step.</summary>
public abstract class MoveBehindStepCodeFix : RuleCodeFix
{
    /// <summary>A fix for the rule <paramref name="ruleId"/>.</summary>
    protected MoveBehindStepCodeFix(string ruleId)
        : base(ruleId)
    {
    }

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => Step(diagnostic, node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (Step(diagnostic, node) is { } step)
            LoopStatements.Move(editor, LoopStatements.StatementOf(node)!, step, isAfter: true);
    }

    private static StatementSyntax? Step(Diagnostic diagnostic, SyntaxNode node) =>
        LoopStatements.StatementOf(node) is { } statement && LoopStatements.ListOf(statement) is { } list && LoopStatements.FurtherPlace(diagnostic, node) is { } step
            ? LoopStatements.StatementIn(list, step)
            : null;
}
