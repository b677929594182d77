using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes.Loss;

/// <summary>GG5001: removes the activation: its call, or its place in a <c>Sequential</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG5001DoubledActivationFix))]
[Shared]
public sealed class GG5001DoubledActivationFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG5001DoubledActivationFix()
        : base("GG5001")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Remove the activation (changes what the model returns)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => diagnostic.Properties.ContainsKey(FixProperties.Creation)
        ? CallSyntax.InSequential(node) is not null
        : CallSyntax.HasPlainArguments(node);

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (diagnostic.Properties.ContainsKey(FixProperties.Creation))
            Remove(editor, CallSyntax.InSequential(node)!);
        else if (CallSyntax.OperandOf(node, editor.SemanticModel) is { } operand)
            editor.ReplaceNode(node, SyntaxFactory.ParenthesizedExpression(operand.WithoutTrivia()).WithTriviaFrom(node).WithAdditionalAnnotations(Simplifier.Annotation));
    }

    /// <summary>Takes an argument out of its list; a comment behind the comma before it stays with the argument it is about.</summary>
    private static void Remove(DocumentEditor editor, ArgumentSyntax argument)
    {
        var list = (ArgumentListSyntax)argument.Parent!;
        var index = list.Arguments.IndexOf(argument);
        editor.ReplaceNode(list, (current, _) =>
        {
            var now = (ArgumentListSyntax)current;
            var comment = index > 0 ? now.Arguments.GetSeparator(index - 1).TrailingTrivia : default;
            var rest = now.Arguments.RemoveAt(index);
            if (index != rest.Count || !comment.Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)))
                return now.WithArguments(rest);
            return now
                .WithArguments(rest.Replace(rest.Last(), rest.Last().WithTrailingTrivia(comment)))
                .WithCloseParenToken(now.CloseParenToken.WithLeadingTrivia(argument.GetLeadingTrivia()));
        });
    }
}
