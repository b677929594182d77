using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes.Loss;

/// <summary>GG5007: adds a small number to the operand, inside the logarithm or root, or to the divisor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG5007ZeroOperandFix))]
[Shared]
public sealed class GG5007ZeroOperandFix : RuleCodeFix
{
    // Below the spacing of single-precision numbers around 1, so that healthy operands keep their digits.
    private const string Epsilon = "1e-8";

    /// <summary>Creates the fix.</summary>
    public GG5007ZeroOperandFix()
        : base("GG5007")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => $"Add {Epsilon} to what can be 0 (changes the result by as little)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => node is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.DivideExpression }
        || (CallSyntax.HasPlainArguments(node) && CallSyntax.NameOf(node) is "log" or "log2" or "log10" or "sqrt" or "rsqrt" or "reciprocal");

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        var operand = node is BinaryExpressionSyntax division ? division.Right : CallSyntax.OperandOf(node, editor.SemanticModel);
        if (operand is not null)
            editor.ReplaceNode(operand, (current, _) => Guarded((ExpressionSyntax)current));
    }

    private static ParenthesizedExpressionSyntax Guarded(ExpressionSyntax operand) => SyntaxFactory.ParenthesizedExpression(SyntaxFactory.BinaryExpression(
            SyntaxKind.AddExpression,
            SyntaxFactory.ParenthesizedExpression(operand.WithoutTrivia()).WithAdditionalAnnotations(Simplifier.Annotation),
            SyntaxFactory.ParseExpression(Epsilon)))
        .WithTriviaFrom(operand)
        .WithAdditionalAnnotations(Simplifier.Annotation, Formatter.Annotation);
}
