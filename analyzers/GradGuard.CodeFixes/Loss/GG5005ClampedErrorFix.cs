using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradGuard.CodeFixes.Loss;

/// <summary>GG5005: <c>huber_loss</c>, where a clamped difference is squared and averaged or summed in one expression.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG5005ClampedErrorFix))]
[Shared]
public sealed class GG5005ClampedErrorFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG5005ClampedErrorFix()
        : base("GG5005")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Use huber_loss (linear beyond the bound, half the square within: changes the loss)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => Reduction(node) is not null && Bound(node) is not null && Difference(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (Reduction(node) is not { } loss || Bound(node) is not { } bound || Difference(node) is not { } difference)
            return;
        var arguments = new List<ArgumentSyntax>
        {
            SyntaxFactory.Argument(difference.Left.WithoutTrivia()),
            SyntaxFactory.Argument(difference.Right.WithoutTrivia()),
            SyntaxFactory.Argument(SyntaxFactory.NameColon("delta"), default, bound.WithoutTrivia()),
        };
        if (CallSyntax.NameOf(loss) is "sum")
            arguments.Add(SyntaxFactory.Argument(SyntaxFactory.NameColon("reduction"), default, CallSyntax.Torch("nn.Reduction.Sum")));
        editor.ReplaceNode(loss, CallSyntax.CallTorch("nn.functional.huber_loss", arguments).WithTriviaFrom(loss).WithAdditionalAnnotations(Formatter.Annotation));
    }

    /// <summary><c>a - b</c> in <c>(a - b).clamp(…)</c> or <c>torch.clamp(a - b, …)</c>.</summary>
    private static BinaryExpressionSyntax? Difference(SyntaxNode clamp)
    {
        var call = (InvocationExpressionSyntax)clamp;
        var operand = call.ArgumentList.Arguments.Count > 2 ? call.ArgumentList.Arguments[0].Expression : (call.Expression as MemberAccessExpressionSyntax)?.Expression;
        while (operand is ParenthesizedExpressionSyntax parenthesized)
            operand = parenthesized.Expression;
        return operand is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.SubtractExpression } difference ? difference : null;
    }

    /// <summary>The literal upper bound, where the lower one is its negative.</summary>
    private static LiteralExpressionSyntax? Bound(SyntaxNode clamp) =>
        CallSyntax.NameOf(clamp) is "clamp" or "clip" && CallSyntax.HasPlainArguments(clamp)
        && ((InvocationExpressionSyntax)clamp).ArgumentList.Arguments is { Count: 2 or 3 } arguments
        && arguments.Last().Expression is LiteralExpressionSyntax high
        && arguments[arguments.Count - 2].Expression is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax low }
        && Equals(low.Token.Value, high.Token.Value)
            ? high
            : null;

    /// <summary>The <c>mean()</c> or <c>sum()</c> of the clamp's square.</summary>
    private static InvocationExpressionSyntax? Reduction(SyntaxNode clamp) =>
        MethodOf(clamp) is { } square && IsSquare(square) && MethodOf(square) is { ArgumentList.Arguments.Count: 0 } loss && CallSyntax.NameOf(loss) is "mean" or "sum"
            ? MethodOf(square)
            : null;

    private static bool IsSquare(InvocationExpressionSyntax call) => CallSyntax.NameOf(call) switch
    {
        "square" => call.ArgumentList.Arguments.Count == 0,
        "pow" => call.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax { Token.Value: 2 or 2.0 or 2f } }],
        _ => false,
    };

    /// <summary>The call whose receiver <paramref name="node"/> is.</summary>
    private static InvocationExpressionSyntax? MethodOf(SyntaxNode node) => node.Parent switch
    {
        ParenthesizedExpressionSyntax parenthesized => MethodOf(parenthesized),
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Expression == node => call,
        _ => null,
    };
}
