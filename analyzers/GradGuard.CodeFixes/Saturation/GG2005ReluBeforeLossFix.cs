using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Saturation;

/// <summary>GG2005: hands on what the ReLU was given.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG2005ReluBeforeLossFix))]
[Shared]
public sealed class GG2005ReluBeforeLossFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG2005ReluBeforeLossFix()
        : base("GG2005")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Remove the ReLU before the loss (changes the result)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => InputOf(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (InputOf(node) is { } input)
            editor.ReplaceNode(node, input.WithTriviaFrom(node));
    }

    /// <summary>The receiver of <c>x.relu()</c>, the argument of <c>functional.relu(x)</c>.</summary>
    private static ExpressionSyntax? InputOf(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax { ArgumentList.Arguments: [var argument, ..] } call when CallSyntax.NameOf(call) is "relu" => argument.Expression,
        InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "relu" or "relu_" } method } => method.Expression,
        _ => null,
    };
}
