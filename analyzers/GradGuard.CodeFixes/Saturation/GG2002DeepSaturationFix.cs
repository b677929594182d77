using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Saturation;

/// <summary>GG2002: calls ReLU in place of each saturating activation of the row, where all of them are plain calls.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG2002DeepSaturationFix))]
[Shared]
public sealed class GG2002DeepSaturationFix : RuleCodeFix
{
    private static readonly string[] Names = ["sigmoid", "tanh", "softsign", "hardsigmoid", "hardtanh"];

    /// <summary>Creates the fix.</summary>
    public GG2002DeepSaturationFix()
        : base("GG2002")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Use ReLU in place of each saturating activation of this row (changes the result)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        Locations(diagnostic).All(location => location.SourceTree == diagnostic.Location.SourceTree && CallAt(node, location) is not null);

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        foreach (var call in Locations(diagnostic).Select(location => CallAt(node, location)).OfType<InvocationExpressionSyntax>().Distinct())
            editor.ReplaceNode(call, (current, _) => WithRelu((InvocationExpressionSyntax)current, IsOfTensor(editor.SemanticModel, call)));
    }

    private static InvocationExpressionSyntax WithRelu(InvocationExpressionSyntax call, bool isOfTensor)
    {
        if (isOfTensor && call.Expression is MemberAccessExpressionSyntax access)
        {
            var name = access.Name.Identifier.ValueText.EndsWith("_", StringComparison.Ordinal) ? "relu_" : "relu";
            return call.WithExpression(access.WithName(SyntaxFactory.IdentifierName(name)));
        }

        var relu = CallSyntax.Torch("nn.functional.relu");
        return call
            .WithExpression(relu.WithTriviaFrom(call.Expression))
            .WithArgumentList(call.ArgumentList.WithArguments(SyntaxFactory.SingletonSeparatedList(call.ArgumentList.Arguments[0].WithNameColon(null))));
    }

    private static bool IsOfTensor(SemanticModel model, InvocationExpressionSyntax call) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { IsStatic: false };

    private static InvocationExpressionSyntax? CallAt(SyntaxNode node, Location location) =>
        node.SyntaxTree.GetRoot().FindNode(location.SourceSpan, getInnermostNodeForTie: true) is InvocationExpressionSyntax call
        && CallSyntax.NameOf(call) is { } name && Names.Contains(name.TrimEnd('_'))
        && (call.Expression is MemberAccessExpressionSyntax || call.ArgumentList.Arguments.Count > 0)
            ? call
            : null;

    private static IEnumerable<Location> Locations(Diagnostic diagnostic) => diagnostic.AdditionalLocations.Prepend(diagnostic.Location);
}
