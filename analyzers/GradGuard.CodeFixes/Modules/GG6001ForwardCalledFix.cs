using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Modules;

/// <summary>GG6001: <c>call</c> in place of <c>forward</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG6001ForwardCalledFix))]
[Shared]
public sealed class GG6001ForwardCalledFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG6001ForwardCalledFix()
        : base("GG6001")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Use call(), which runs the hooks";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => node is IdentifierNameSyntax;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node) =>
        editor.ReplaceNode(node, SyntaxFactory.IdentifierName("call").WithTriviaFrom(node));
}
