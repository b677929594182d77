using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Modules;

/// <summary>GG6002: moves <c>RegisterComponents()</c> behind the last statement of its constructor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG6002NeverRegisteredFix))]
[Shared]
public sealed class GG6002NeverRegisteredFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG6002NeverRegisteredFix()
        : base("GG6002")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Call RegisterComponents() last (training changes: more parameters are listed)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => Places(diagnostic, node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (Places(diagnostic, node) is var (call, last))
            LoopStatements.Move(editor, call, last, isAfter: true);
    }

    /// <summary>The call and the last statement of its block, where that block makes all that is registered too early.</summary>
    private static (StatementSyntax Call, StatementSyntax Last)? Places(Diagnostic diagnostic, SyntaxNode node) =>
        node is InvocationExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax { Parent: ConstructorDeclarationSyntax } block } call }
        && diagnostic.AdditionalLocations.All(late => late.SourceTree?.FilePath == node.SyntaxTree.FilePath && block.Span.Contains(late.SourceSpan))
            ? (call, block.Statements.Last())
            : null;
}
