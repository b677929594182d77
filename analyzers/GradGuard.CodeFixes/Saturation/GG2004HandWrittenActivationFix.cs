using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Saturation;

/// <summary>GG2004: calls <c>torch.sigmoid(a)</c> in place of <c>1 / (1 + exp(-a))</c>. Other spellings are left to the reader.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG2004HandWrittenActivationFix))]
[Shared]
public sealed class GG2004HandWrittenActivationFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG2004HandWrittenActivationFix()
        : base("GG2004")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Call torch.sigmoid";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => ArgumentOf(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (ArgumentOf(node) is not { } argument)
            return;
        editor.ReplaceNode(node, CallSyntax.CallTorch("sigmoid", [SyntaxFactory.Argument(argument.WithoutTrivia())]).WithTriviaFrom(node));
    }

    /// <summary>a of <c>1 / (1 + exp(-a))</c>, null for any other form.</summary>
    private static ExpressionSyntax? ArgumentOf(SyntaxNode node)
    {
        if (node is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.DivideExpression } quotient
            || !IsOne(quotient.Left)
            || Bare(quotient.Right) is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum)
            return null;
        var exponential = IsOne(sum.Left) ? sum.Right : IsOne(sum.Right) ? sum.Left : null;
        return exponential is InvocationExpressionSyntax { ArgumentList.Arguments: [var argument] } call && CallSyntax.NameOf(call) is "exp"
            && Bare(argument.Expression) is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } negated
                ? Bare(negated.Operand)
                : null;
    }

    private static bool IsOne(ExpressionSyntax expression) =>
        expression is LiteralExpressionSyntax { Token.Value: 1 or 1f or 1d };

    private static ExpressionSyntax Bare(ExpressionSyntax expression) =>
        expression is ParenthesizedExpressionSyntax parenthesized ? Bare(parenthesized.Expression) : expression;
}
