using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes.Saturation;

/// <summary>Divides a product, the finding's first additional location, by the root of its inner width.</summary>
public abstract class ProductScaleCodeFix : RuleCodeFix
{
    /// <summary>A fix for the rule <paramref name="ruleId"/>.</summary>
    protected ProductScaleCodeFix(string ruleId)
        : base(ruleId)
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) =>
        $"Divide the product by √{diagnostic.Properties[FixProperties.FanIn]} (changes the result)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        diagnostic.Properties.ContainsKey(FixProperties.FanIn) && ProductOf(diagnostic, node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (ProductOf(diagnostic, node) is not { } product)
            return;
        var root = SyntaxFactory.InvocationExpression(
            SyntaxFactory.ParseExpression("global::System.Math.Sqrt").WithAdditionalAnnotations(Simplifier.Annotation),
            SyntaxFactory.ParseArgumentList($"({diagnostic.Properties[FixProperties.FanIn]})"));
        var scaled = SyntaxFactory
            .ParenthesizedExpression(SyntaxFactory.BinaryExpression(SyntaxKind.DivideExpression, product.WithoutTrivia(), root))
            .WithTriviaFrom(product)
            .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
        editor.ReplaceNode(product, scaled);
    }

    /// <summary>The product is the finding's first additional location, in the same document as the activation.</summary>
    private static ExpressionSyntax? ProductOf(Diagnostic diagnostic, SyntaxNode node) =>
        diagnostic.AdditionalLocations is [{ } location, ..] && location.SourceTree == diagnostic.Location.SourceTree
            ? node.SyntaxTree.GetRoot().FindNode(location.SourceSpan, getInnermostNodeForTie: true) as ExpressionSyntax
            : null;
}
