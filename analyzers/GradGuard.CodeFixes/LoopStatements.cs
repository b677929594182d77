using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradGuard.CodeFixes;

/// <summary>Inserts and moves whole statements of a training loop. What stands around them keeps its comments.</summary>
internal static class LoopStatements
{
    /// <summary>The statement that is nothing but the call at <paramref name="node"/>, in a block or at the top level; null where the call is part of something else.</summary>
    public static ExpressionStatementSyntax? StatementOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax statement && Unwrapped(statement.Expression).Span.Contains(node.Span) && ListOf(statement) is not null
            ? statement
            : null;

    /// <summary>What holds a statement and those around it: its block or, for a top-level statement, the file. Null where it stands alone.</summary>
    public static SyntaxNode? ListOf(StatementSyntax statement) => statement.Parent is GlobalStatementSyntax top ? top.Parent : statement.Parent as BlockSyntax;

    /// <summary>The statement at or around <paramref name="node"/> that stands directly in <paramref name="list"/>, a <see cref="ListOf"/> another.</summary>
    public static StatementSyntax? StatementIn(SyntaxNode list, SyntaxNode node) =>
        node.AncestorsAndSelf().OfType<StatementSyntax>().FirstOrDefault(statement => ListOf(statement) == list);

    /// <summary>The code at one of a diagnostic's further places, null where there is none in this file.</summary>
    public static SyntaxNode? FurtherPlace(Diagnostic diagnostic, SyntaxNode node) =>
        diagnostic.AdditionalLocations is [{ SourceTree: { } tree } place, ..] && tree.FilePath == node.SyntaxTree.FilePath
            ? node.SyntaxTree.GetRoot().FindNode(place.SourceSpan, getInnermostNodeForTie: true)
            : null;

    /// <summary>The statement at a diagnostic's further place, where it stands in the same list as that of the diagnostic itself; otherwise null.</summary>
    public static StatementSyntax? Neighbour(Diagnostic diagnostic, SyntaxNode node) =>
        StatementOf(node) is { } own && FurtherPlace(diagnostic, node) is { } place
            && StatementOf(place) is { } statement && ListOf(statement) == ListOf(own)
            ? statement
            : null;

    /// <summary>A new statement, on the same indentation as <paramref name="anchor"/>, with the same end of line and no comments of its own.</summary>
    public static StatementSyntax Statement(string code, StatementSyntax anchor)
    {
        var leading = anchor.GetLeadingTrivia();
        var indentation = leading.Count > 0 && leading.Last().IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(leading.Last()) : SyntaxFactory.TriviaList();
        return SyntaxFactory.ParseStatement(code)
            .WithLeadingTrivia(indentation)
            .WithTrailingTrivia(EndOfLine(anchor))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>Puts <paramref name="added"/> before <paramref name="anchor"/>; comments above the anchor stay with the anchor.</summary>
    public static void InsertBefore(DocumentEditor editor, StatementSyntax anchor, StatementSyntax added) =>
        editor.InsertBefore(Entry(anchor), EntryLike(anchor, added));

    /// <summary>Puts <paramref name="added"/> after <paramref name="anchor"/>.</summary>
    public static void InsertAfter(DocumentEditor editor, StatementSyntax anchor, StatementSyntax added) =>
        editor.InsertAfter(Entry(anchor), EntryLike(anchor, EndsLine(anchor) ? added : OnItsOwnLine(added, anchor.SyntaxTree)));

    /// <summary>Takes a statement with its comments from where it stands and puts it before or after <paramref name="anchor"/>.</summary>
    public static void Move(DocumentEditor editor, StatementSyntax moved, StatementSyntax anchor, bool isAfter)
    {
        editor.RemoveNode(Entry(moved), SyntaxRemoveOptions.KeepNoTrivia);
        if (isAfter)
            InsertAfter(editor, anchor, moved);
        else
            InsertBefore(editor, anchor, moved);
    }

    /// <summary>A statement as the list around it holds it: at the top level inside a member of the file.</summary>
    private static SyntaxNode Entry(StatementSyntax statement) => statement.Parent is GlobalStatementSyntax top ? top : statement;

    private static SyntaxNode EntryLike(StatementSyntax anchor, StatementSyntax added) =>
        anchor.Parent is GlobalStatementSyntax ? SyntaxFactory.GlobalStatement(added) : added;

    private static bool EndsLine(StatementSyntax statement) => statement.GetTrailingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));

    /// <summary>The last statement of a file may lack an end of line; what follows it brings the end along.</summary>
    private static StatementSyntax OnItsOwnLine(StatementSyntax statement, SyntaxTree file) => statement
        .WithLeadingTrivia(statement.GetLeadingTrivia().Insert(0, file.GetRoot().DescendantTrivia()
            .Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).DefaultIfEmpty(SyntaxFactory.LineFeed).First()))
        .WithTrailingTrivia(statement.GetTrailingTrivia().Where(trivia => !trivia.IsKind(SyntaxKind.EndOfLineTrivia)));

    private static ExpressionSyntax Unwrapped(ExpressionSyntax expression) => expression switch
    {
        AwaitExpressionSyntax awaited => Unwrapped(awaited.Expression),
        AssignmentExpressionSyntax assignment => Unwrapped(assignment.Right),
        _ => expression,
    };

    private static SyntaxTriviaList EndOfLine(StatementSyntax anchor)
    {
        var ends = anchor.GetTrailingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
        return SyntaxFactory.TriviaList(ends.Count > 0 ? ends[0] : SyntaxFactory.ElasticLineFeed);
    }
}
