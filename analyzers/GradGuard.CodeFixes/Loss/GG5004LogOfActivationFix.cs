using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradGuard.CodeFixes.Loss;

/// <summary>GG5004: log_softmax or logsigmoid, where the activation is written inside the logarithm.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG5004LogOfActivationFix))]
[Shared]
public sealed class GG5004LogOfActivationFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG5004LogOfActivationFix()
        : base("GG5004")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => $"Use {diagnostic.Properties[FixProperties.Function]}";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => ActivationIn(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (ActivationIn(node) is not { } activation || CallSyntax.OperandOf(activation, editor.SemanticModel) is not { } operand)
            return;
        var arguments = CallSyntax.FurtherArguments(activation, operand).Prepend(SyntaxFactory.Argument(operand.WithoutTrivia()));
        editor.ReplaceNode(node, CallSyntax.CallTorch("nn.functional." + diagnostic.Properties[FixProperties.Function], arguments)
            .WithTriviaFrom(node)
            .WithAdditionalAnnotations(Formatter.Annotation));
    }

    /// <summary>The softmax or sigmoid whose result goes straight into <c>log</c>, as its argument or its receiver.</summary>
    private static InvocationExpressionSyntax? ActivationIn(SyntaxNode node)
    {
        if (CallSyntax.NameOf(node) is not "log" || node is not InvocationExpressionSyntax logarithm)
            return null;
        var candidates = new[] { logarithm.ArgumentList.Arguments.FirstOrDefault()?.Expression, (logarithm.Expression as MemberAccessExpressionSyntax)?.Expression };
        return candidates.OfType<InvocationExpressionSyntax>()
            .FirstOrDefault(call => CallSyntax.NameOf(call) is "softmax" or "sigmoid" && CallSyntax.HasPlainArguments(call));
    }
}
