using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradGuard.CodeFixes.Saturation;

/// <summary>GG2007: puts a ReLU between the two layers, as a call or as one more module of the Sequential that is written around them.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG2007LinearAfterLinearFix))]
[Shared]
public sealed class GG2007LinearAfterLinearFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG2007LinearAfterLinearFix()
        : base("GG2007")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Put a ReLU between the two layers (changes the result)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        diagnostic.Properties.ContainsKey(FixProperties.Creation) ? ArgumentOf(node) is not null : CallAt(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (diagnostic.Properties.ContainsKey(FixProperties.Creation) && ArgumentOf(node) is { } argument)
            editor.InsertBefore(argument, Between(argument));
        else if (CallAt(node) is { } call)
            editor.ReplaceNode(call, (current, _) => Applied("nn.functional.relu", (ExpressionSyntax)current).WithTriviaFrom(current));
    }

    private static InvocationExpressionSyntax Applied(string function, params ExpressionSyntax[] arguments) => CallSyntax.CallTorch(
        function, arguments.Select(argument => SyntaxFactory.Argument(argument.WithoutTrivia())));

    /// <summary>The call of the first layer; null where that is a conditional access or something else.</summary>
    private static InvocationExpressionSyntax? CallAt(SyntaxNode node) =>
        ((node as ArgumentSyntax)?.Expression ?? node) is InvocationExpressionSyntax { Expression: not MemberBindingExpressionSyntax } call ? call : null;

    /// <summary>The argument of a <c>Sequential(…)</c> that creates the layer, by itself or in a pair with its name.</summary>
    private static ArgumentSyntax? ArgumentOf(SyntaxNode node)
    {
        var argument = node as ArgumentSyntax ?? node.Parent as ArgumentSyntax;
        if (argument?.Parent is TupleExpressionSyntax { Arguments.Count: 2 } pair)
            argument = pair.Parent as ArgumentSyntax;
        return argument is { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax sequence } } && CallSyntax.NameOf(sequence) is "Sequential" ? argument : null;
    }

    private static ArgumentSyntax Between(ArgumentSyntax next)
    {
        ExpressionSyntax relu = Applied("nn.ReLU");
        if (next.Expression is TupleExpressionSyntax)
        {
            var name = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(FreeName(next)));
            relu = SyntaxFactory.TupleExpression(SyntaxFactory.SeparatedList([SyntaxFactory.Argument(name), SyntaxFactory.Argument(relu)]));
        }

        return SyntaxFactory.Argument(relu).WithLeadingTrivia(next.GetLeadingTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>A name that no other module of the Sequential has: that of the layer behind it, with what it does.</summary>
    private static string FreeName(ArgumentSyntax next) =>
        ((TupleExpressionSyntax)next.Expression).Arguments[0].Expression is LiteralExpressionSyntax { Token.Value: string name } ? $"before_{name}" : "activation";
}
