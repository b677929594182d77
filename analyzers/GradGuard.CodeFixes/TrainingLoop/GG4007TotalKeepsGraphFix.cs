using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes.TrainingLoop;

/// <summary>GG4007: adds the number instead of the tensor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG4007TotalKeepsGraphFix))]
[Shared]
public sealed class GG4007TotalKeepsGraphFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG4007TotalKeepsGraphFix()
        : base("GG4007")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Add the number: item<float>()";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => Added(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (Added(node) is not { } added)
            return;
        var number = SyntaxFactory.ParenthesizedExpression(added.WithoutTrivia()).WithAdditionalAnnotations(Simplifier.Annotation);
        var item = SyntaxFactory.GenericName("item").AddTypeArgumentListArguments(SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.FloatKeyword)));
        editor.ReplaceNode(added, SyntaxFactory
            .InvocationExpression(SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, number, item))
            .WithTriviaFrom(added));
    }

    private static ExpressionSyntax? Added(SyntaxNode node) => node as ExpressionSyntax ?? (node as ArgumentSyntax)?.Expression;
}
