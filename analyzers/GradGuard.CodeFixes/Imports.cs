using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradGuard.CodeFixes;

/// <summary>Adds the usings that inserted code needs.</summary>
internal static class Imports
{
    /// <summary>Makes <c>torch</c> known at <paramref name="position"/>, where no using does so already.</summary>
    public static void AddTorchSharp(DocumentEditor editor, int position)
    {
        if (editor.SemanticModel.LookupNamespacesAndTypes(position, name: "torch").IsEmpty)
            Add(editor, "TorchSharp");
    }

    /// <summary>Adds <c>using NAMESPACE;</c> to the file, once however often it is asked for.</summary>
    private static void Add(DocumentEditor editor, string name)
    {
        editor.ReplaceNode(editor.OriginalRoot, (current, _) =>
        {
            var root = (CompilationUnitSyntax)current;
            if (root.Usings.Any(directive => directive.Name?.ToString() == name && directive.StaticKeyword.IsKind(SyntaxKind.None)))
                return root;
            var import = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(name)).NormalizeWhitespace()
                .WithTrailingTrivia(SyntaxFactory.ElasticLineFeed)
                .WithAdditionalAnnotations(Formatter.Annotation);
            return root.Usings.Count == 0
                ? root.WithoutLeadingTrivia().AddUsings(import.WithLeadingTrivia(root.GetLeadingTrivia()))
                : root.WithUsings(root.Usings.Add(import));
        });
    }
}
