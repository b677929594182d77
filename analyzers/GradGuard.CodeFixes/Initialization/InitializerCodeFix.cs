using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>
/// Calls another initializer on the same tensor: <c>init.normal_(w, 0, 1)</c> or <c>w.normal_(0, 1)</c> becomes
/// <c>init.xavier_uniform_(w)</c>. The rule names the initializer that fits.
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
        && CallAt(node) is { } call
        && (call.ArgumentList.Arguments.Count > 0 || call.Expression is MemberAccessExpressionSyntax);

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (CallAt(node) is not { } call || editor.SemanticModel.GetSymbolInfo(call).Symbol is not IMethodSymbol method)
            return;
        var name = SyntaxFactory.IdentifierName(diagnostic.Properties[FixProperties.Initializer]!);
        var isFromInit = method is { IsStatic: true, ContainingType: { } type } && type.ToDisplayString() == InitType;
        if (!isFromInit && call.Expression is not MemberAccessExpressionSyntax)
            return;

        var tensor = isFromInit ? call.ArgumentList.Arguments[0].Expression : ((MemberAccessExpressionSyntax)call.Expression).Expression;
        ExpressionSyntax target = (isFromInit, call.Expression) switch
        {
            (true, MemberAccessExpressionSyntax access) => access.WithName(name),
            (true, _) => name,
            _ => ((MemberAccessExpressionSyntax)SyntaxFactory.ParseExpression("global::" + InitType + "." + name.Identifier.Text))
                .WithAdditionalAnnotations(Simplifier.Annotation),
        };
        editor.ReplaceNode(call, SyntaxFactory
            .InvocationExpression(
                target,
                SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(tensor.WithoutTrivia()))))
            .WithTriviaFrom(call));
    }

    private static InvocationExpressionSyntax? CallAt(SyntaxNode node) =>
        node as InvocationExpressionSyntax ?? (node as ArgumentSyntax)?.Expression as InvocationExpressionSyntax;
}
