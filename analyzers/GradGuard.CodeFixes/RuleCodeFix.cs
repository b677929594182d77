using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes;

/// <summary>
/// Base of every fix: one rule, one action, applied to one finding or, by the same code, to all findings of a document, project or solution.
/// </summary>
public abstract class RuleCodeFix : CodeFixProvider
{
    private readonly string _ruleId;

    /// <summary>A fix for the rule <paramref name="ruleId"/>.</summary>
    protected RuleCodeFix(string ruleId)
    {
        _ruleId = ruleId;
        FixableDiagnosticIds = ImmutableArray.Create(ruleId);
    }

    /// <inheritdoc />
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc />
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
        await FixAsync(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc />
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root is null || !CanFix(diagnostic, NodeAt(root, diagnostic)))
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(
                    Title(diagnostic),
                    cancellation => FixAsync(context.Document, ImmutableArray.Create(diagnostic), cancellation),
                    equivalenceKey: _ruleId),
                diagnostic);
        }
    }

    /// <summary>What the user reads in the menu. Says so where the fix changes the numbers a program computes.</summary>
    protected abstract string Title(Diagnostic diagnostic);

    /// <summary>False where the code has a form this fix cannot rewrite; then none is offered.</summary>
    protected virtual bool CanFix(Diagnostic diagnostic, SyntaxNode node) => true;

    /// <summary>Rewrites the code at <paramref name="node"/>, the innermost node that spans the diagnostic.</summary>
    protected abstract void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node);

    private async Task<Document> FixAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellation).ConfigureAwait(false);
        foreach (var diagnostic in diagnostics.OrderByDescending(diagnostic => diagnostic.Location.SourceSpan.Start))
        {
            var node = NodeAt(editor.OriginalRoot, diagnostic);
            if (CanFix(diagnostic, node))
                Fix(editor, diagnostic, node);
        }

        return editor.GetChangedDocument();
    }

    private static SyntaxNode NodeAt(SyntaxNode root, Diagnostic diagnostic) =>
        root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
}
