using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradGuard.CodeFixes.Loss;

/// <summary>GG5008: a sigmoid in place of the softmax.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG5008SoftmaxOverOneUnitFix))]
[Shared]
public sealed class GG5008SoftmaxOverOneUnitFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG5008SoftmaxOverOneUnitFix()
        : base("GG5008")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Use a sigmoid (changes the result)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => diagnostic.Properties.ContainsKey(FixProperties.Creation)
        ? CallSyntax.NameOf(node) is "Softmax" && CallSyntax.InSequential(node) is not null
        : CallSyntax.NameOf(node) is "softmax" && CallSyntax.HasPlainArguments(node);

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        var call = (InvocationExpressionSyntax)node;
        if (diagnostic.Properties.ContainsKey(FixProperties.Creation))
        {
            var name = SyntaxFactory.IdentifierName("Sigmoid");
            var created = call.Expression is MemberAccessExpressionSyntax member ? (ExpressionSyntax)member.WithName(name) : name;
            editor.ReplaceNode(call, SyntaxFactory.InvocationExpression(created).WithTriviaFrom(call));
        }
        else if (CallSyntax.OperandOf(call, editor.SemanticModel) is { } operand)
        {
            editor.ReplaceNode(call, CallSyntax.CallTorch("sigmoid", [SyntaxFactory.Argument(operand.WithoutTrivia())])
                .WithTriviaFrom(call)
                .WithAdditionalAnnotations(Formatter.Annotation));
        }
    }
}
