using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4002: moves the clipping to just before the step.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4002MisplacedClippingFix))]
[Shared]
public sealed class GG4002MisplacedClippingFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4002MisplacedClippingFix()
        : base("GG4002")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Clip just before step() (changes the updates)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => LoopStatements.Neighbour(diagnostic, node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (LoopStatements.Neighbour(diagnostic, node) is { } step)
            LoopStatements.Move(editor, LoopStatements.StatementOf(node)!, step, isAfter: false);
    }
}
