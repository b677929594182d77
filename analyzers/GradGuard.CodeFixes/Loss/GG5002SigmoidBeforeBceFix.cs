using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Loss;

/// <summary>GG5002: one call in place of two, where the sigmoid is written inside the loss.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG5002SigmoidBeforeBceFix))]
[Shared]
public sealed class GG5002SigmoidBeforeBceFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG5002SigmoidBeforeBceFix()
        : base("GG5002")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Use binary_cross_entropy_with_logits";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        CallSyntax.NameOf(node) is "binary_cross_entropy" && CallSyntax.HasPlainArguments(node) && SigmoidIn((InvocationExpressionSyntax)node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        var loss = (InvocationExpressionSyntax)node;
        var sigmoid = SigmoidIn(loss)!;
        if (CallSyntax.OperandOf(sigmoid, editor.SemanticModel) is not { } logits)
            return;
        var name = SyntaxFactory.IdentifierName("binary_cross_entropy_with_logits");
        var function = loss.Expression is MemberAccessExpressionSyntax member ? (ExpressionSyntax)member.WithName(name) : name;
        editor.ReplaceNode(loss, loss.ReplaceNode(sigmoid, logits.WithTriviaFrom(sigmoid)).WithExpression(function.WithTriviaFrom(loss.Expression)));
    }

    private static InvocationExpressionSyntax? SigmoidIn(InvocationExpressionSyntax loss) =>
        loss.ArgumentList.Arguments.FirstOrDefault()?.Expression is InvocationExpressionSyntax sigmoid
        && CallSyntax.NameOf(sigmoid) is "sigmoid" && CallSyntax.HasPlainArguments(sigmoid)
            ? sigmoid
            : null;
}
