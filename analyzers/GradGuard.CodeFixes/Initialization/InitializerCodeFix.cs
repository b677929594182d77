using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>
/// Calls another initializer on the same tensor: <c>init.normal_(w, 0, 1)</c> or <c>w.normal_(0, 1)</c> becomes
/// <c>init.xavier_uniform_(w)</c>, and <c>randn(8, 8)</c> becomes <c>init.xavier_uniform_(randn(8, 8))</c>. The rule names the initializer that fits.
/// </summary>
public abstract class InitializerCodeFix : RuleCodeFix
{
    private const string InitType = "TorchSharp.torch.nn.init";

    /// <summary>A fix for the rule <paramref name="ruleId"/>.</summary>
    protected InitializerCodeFix(string ruleId)
        : base(ruleId)
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) =>
        $"Use {diagnostic.Properties[FixProperties.Initializer]} (changes the initial weights)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        diagnostic.Properties.ContainsKey(FixProperties.Initializer)
        && FirstValues(diagnostic, node) is { } expression and not InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax };

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (FirstValues(diagnostic, node) is not { } expression)
            return;
        var name = SyntaxFactory.IdentifierName(diagnostic.Properties[FixProperties.Initializer]!);
        var call = expression as InvocationExpressionSyntax;
        var method = call is null ? null : editor.SemanticModel.GetSymbolInfo(call).Symbol as IMethodSymbol;
        var isFromInit = method is { IsStatic: true, ContainingType: { } type } && type.ToDisplayString() == InitType;
        var tensor = (isFromInit, method, call?.Expression) switch
        {
            (true, _, _) => call!.ArgumentList.Arguments[0].Expression,
            (_, { IsStatic: false }, MemberAccessExpressionSyntax access) => access.Expression,
            _ => expression,
        };
        ExpressionSyntax initializer = (isFromInit, call?.Expression) switch
        {
            (true, MemberAccessExpressionSyntax access) => access.WithName(name),
            (true, _) => name,
            _ => SyntaxFactory.ParseExpression($"global::{InitType}.{name.Identifier.Text}").WithAdditionalAnnotations(Simplifier.Annotation),
        };
        editor.ReplaceNode(expression, SyntaxFactory
            .InvocationExpression(
                initializer,
                SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(tensor.WithoutTrivia()))))
            .WithTriviaFrom(expression));
    }

    /// <summary>The expression that gives the tensor its first values, by default the one that the finding points at; null where it is not in this document.</summary>
    protected virtual ExpressionSyntax? FirstValues(Diagnostic diagnostic, SyntaxNode node) => AsExpression(node);

    /// <summary>The expression that a node is or, an argument, holds.</summary>
    protected static ExpressionSyntax? AsExpression(SyntaxNode node) => node as ExpressionSyntax ?? (node as ArgumentSyntax)?.Expression;
}
