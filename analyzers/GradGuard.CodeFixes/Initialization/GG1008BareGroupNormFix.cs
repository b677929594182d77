using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes.Initialization;

/// <summary>GG1008: hands the new norm through a method that fills it in. A norm is made in field initializers and in lists of layers, where no statement can follow.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG1008BareGroupNormFix))]
[Shared]
public sealed class GG1008BareGroupNormFix : RuleCodeFix
{
    private const string Filler = "Initialized";

    /// <summary>Creates the fix.</summary>
    public GG1008BareGroupNormFix()
        : base("GG1008")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Start the scale at 1 and the shift at 0";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        node is InvocationExpressionSyntax && TypeOf(node) is { } type && Named(type).All(IsFiller);

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        editor.ReplaceNode(node, (current, _) => SyntaxFactory.InvocationExpression(
            SyntaxFactory.IdentifierName(Filler),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument((ExpressionSyntax)current.WithoutTrivia())))).WithTriviaFrom(current));
        editor.ReplaceNode(TypeOf(node)!, (current, _) =>
        {
            var type = (TypeDeclarationSyntax)current;
            return Named(type).Any() ? type : type.AddMembers(FillerMethod());
        });
    }

    private static TypeDeclarationSyntax? TypeOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type and not InterfaceDeclarationSyntax ? type : null;

    private static IEnumerable<MemberDeclarationSyntax> Named(TypeDeclarationSyntax type) => type.Members.Where(member => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText == Filler,
        PropertyDeclarationSyntax property => property.Identifier.ValueText == Filler,
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Any(variable => variable.Identifier.ValueText == Filler),
        _ => false,
    });

    private static bool IsFiller(MemberDeclarationSyntax member) =>
        member is MethodDeclarationSyntax { ParameterList.Parameters: [{ Type: { } type }] } && type.ToString().EndsWith("GroupNorm", StringComparison.Ordinal);

    private static MemberDeclarationSyntax FillerMethod() =>
        SyntaxFactory.ParseMemberDeclaration(
            """
            private static global::TorchSharp.Modules.GroupNorm Initialized(global::TorchSharp.Modules.GroupNorm norm)
            {
                global::TorchSharp.torch.nn.init.ones_(norm.weight);
                global::TorchSharp.torch.nn.init.zeros_(norm.bias!);
                return norm;
            }
            """)!.WithLeadingTrivia(SyntaxFactory.ElasticLineFeed).WithTrailingTrivia(SyntaxFactory.ElasticLineFeed)
            .WithAdditionalAnnotations(Simplifier.Annotation, Formatter.Annotation);
}
