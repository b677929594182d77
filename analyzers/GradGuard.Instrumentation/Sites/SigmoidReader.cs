using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>
/// Recognises a sigmoid written with operators, which no interceptor reaches, by the call of <c>exp</c> inside it, which one does:
/// <c>1 / (1 + exp(-x))</c>, <c>(1 + (-x).exp()).reciprocal()</c>, the same through locals.
/// </summary>
internal sealed class SigmoidReader(SemanticModel model, CallKinds calls, CancellationToken cancellation)
{
    /// <summary>The call of exp in a sigmoid; null for any other expression.</summary>
    public InvocationExpressionSyntax? ExpOf(ExpressionSyntax expression)
    {
        var denominator = expression switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.DivideExpression } quotient => quotient.Right,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "reciprocal" } access, ArgumentList.Arguments.Count: 0 } => access.Expression,
            InvocationExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "reciprocal" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "reciprocal" }, ArgumentList.Arguments: [var only] } => only.Expression,
            _ => null,
        };
        if (denominator is null || Written(denominator) is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum)
            return null;
        return IsOne(sum.Left) ? Exp(sum.Right) : IsOne(sum.Right) ? Exp(sum.Left) : null;
    }

    /// <summary>True where another tensor stands over the sigmoid: <c>x / (1 + exp(-x))</c> lets x through as far as it opens.</summary>
    public bool IsGate(ExpressionSyntax expression)
        => expression is BinaryExpressionSyntax quotient && !IsOne(quotient.Left) && !model.GetConstantValue(quotient.Left, cancellation).HasValue;

    private InvocationExpressionSyntax? Exp(ExpressionSyntax term)
        => Written(term) is InvocationExpressionSyntax call && model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol method && calls.IsExp(method) ? call : null;

    private bool IsOne(ExpressionSyntax value) => model.GetConstantValue(value, cancellation) is { HasValue: true, Value: { } constant }
        ? constant is 1 or 1L or 1f or 1d
        : value is InvocationExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "ones" or "ones_like" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ones" or "ones_like" } };

    /// <summary>What an expression stands for: a local is what it was declared as, where nothing changes it.</summary>
    private ExpressionSyntax Written(ExpressionSyntax expression)
    {
        while (expression is ParenthesizedExpressionSyntax parenthesized)
            expression = parenthesized.Expression;
        return expression is IdentifierNameSyntax
            && model.GetSymbolInfo(expression, cancellation).Symbol is ILocalSymbol { DeclaringSyntaxReferences: [var declared] } local
            && declared.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && expression.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault() is { } member
            && !member.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == local.Name && IsChange(name))
            ? Written(value)
            : expression;
    }

    /// <summary>True for a use that gives a local another value: an assignment, or a call of a form in place.</summary>
    private static bool IsChange(IdentifierNameSyntax name) => name.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == name,
        MemberAccessExpressionSyntax access => access.Expression == name && access.Name.Identifier.ValueText.EndsWith("_", StringComparison.Ordinal),
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
        _ => false,
    };
}
