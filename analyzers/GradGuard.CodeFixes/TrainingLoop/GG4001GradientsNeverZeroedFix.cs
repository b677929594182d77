using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4001: zeroes the gradients before backward, or after the step where that stands elsewhere.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4001GradientsNeverZeroedFix))]
[Shared]
public sealed class GG4001GradientsNeverZeroedFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4001GradientsNeverZeroedFix()
        : base("GG4001")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Zero the gradients in each iteration (changes the updates)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => LoopStatements.StatementOf(node) is not null && Optimizer(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (LoopStatements.StatementOf(node) is not { } step || Optimizer(node) is not { } optimizer)
            return;
        var code = optimizer.WithoutTrivia() + ".zero_grad();";
        if (BackwardBeside(step, diagnostic, node) is { } backward && IsKnownAt(editor.SemanticModel, optimizer, backward))
            LoopStatements.InsertBefore(editor, backward, LoopStatements.Statement(code, backward));
        else
            LoopStatements.InsertAfter(editor, step, LoopStatements.Statement(code, step));
    }

    private static ExpressionSyntax? Optimizer(SyntaxNode node) =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var optimizer } } ? optimizer : null;

    /// <summary>Where backward is decided on together with the step, zeroing just before it cannot erase what is being accumulated.</summary>
    private static StatementSyntax? BackwardBeside(StatementSyntax step, Diagnostic diagnostic, SyntaxNode node) =>
        LoopStatements.FurtherPlace(diagnostic, node) is { } backward && LoopStatements.StatementOf(backward) is { } statement && LoopStatements.ListOf(statement) == LoopStatements.ListOf(step)
            ? statement
            : null;

    private static bool IsKnownAt(SemanticModel model, ExpressionSyntax optimizer, SyntaxNode place) =>
        model.GetSymbolInfo(optimizer).Symbol is not ILocalSymbol local || local.Locations[0].SourceSpan.End < place.SpanStart;
}
