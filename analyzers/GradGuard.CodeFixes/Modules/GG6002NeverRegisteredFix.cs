using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes.Modules;

/// <summary>
/// GG6002: makes <c>RegisterComponents()</c> the last statement of its constructor, moved there or added, or turns a <c>List</c> into a <c>ModuleList</c>.
/// </summary>
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
    protected override string Title(Diagnostic diagnostic) => diagnostic.Properties.ContainsKey(FixProperties.Container)
        ? "Use a ModuleList (training changes: more parameters are listed)"
        : "Call RegisterComponents() last (training changes: more parameters are listed)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) => node switch
    {
        ConstructorDeclarationSyntax constructor => constructor.Body is not null,
        VariableDeclaratorSyntax field => diagnostic.Properties.ContainsKey(FixProperties.Container) && field.Parent is VariableDeclarationSyntax { Variables.Count: 1 },
        _ => Places(diagnostic, node) is not null,
    };

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (node is ConstructorDeclarationSyntax { Body: { } body })
            AddCall(editor, body);
        else if (node is VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } field)
            UseModuleList(editor, declaration, field);
        else if (Places(diagnostic, node) is var (call, last))
            LoopStatements.Move(editor, call, last, isAfter: true);
    }

    private static void AddCall(DocumentEditor editor, BlockSyntax body)
    {
        const string call = "RegisterComponents();";
        if (body.Statements.LastOrDefault() is { } last)
            LoopStatements.InsertAfter(editor, last, LoopStatements.Statement(call, last));
        else
            editor.ReplaceNode(body, body.AddStatements(SyntaxFactory.ParseStatement(call)));
    }

    /// <summary>The field's type, and every list that the class makes for it.</summary>
    private static void UseModuleList(DocumentEditor editor, VariableDeclarationSyntax declaration, VariableDeclaratorSyntax field)
    {
        Replace(editor, declaration.Type);
        var made = declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(assignment => NameOf(assignment.Left) == field.Identifier.ValueText)
            .Select(assignment => assignment.Right)
            .Append(field.Initializer?.Value);
        foreach (var creation in made.OfType<ObjectCreationExpressionSyntax>())
            Replace(editor, creation.Type);
    }

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => name.Identifier.ValueText,
        _ => null,
    };

    private static void Replace(DocumentEditor editor, TypeSyntax type)
    {
        var list = type.DescendantNodesAndSelf().OfType<NameSyntax>().FirstOrDefault(name => name is GenericNameSyntax or QualifiedNameSyntax { Right: GenericNameSyntax });
        var arguments = (list as GenericNameSyntax ?? (list as QualifiedNameSyntax)?.Right as GenericNameSyntax)?.TypeArgumentList;
        if (list is null || arguments is null)
            return;
        var container = SyntaxFactory.QualifiedName(
            SyntaxFactory.ParseName("TorchSharp.Modules"), SyntaxFactory.GenericName(SyntaxFactory.Identifier("ModuleList"), arguments));
        editor.ReplaceNode(list, container.WithTriviaFrom(list).WithAdditionalAnnotations(Simplifier.Annotation));
    }

    /// <summary>The call and the last statement of its block, where that block makes all that is registered too early.</summary>
    private static (StatementSyntax Call, StatementSyntax Last)? Places(Diagnostic diagnostic, SyntaxNode node) =>
        node is InvocationExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax { Parent: ConstructorDeclarationSyntax } block } call }
        && diagnostic.AdditionalLocations.All(late => late.SourceTree?.FilePath == node.SyntaxTree.FilePath && block.Span.Contains(late.SourceSpan))
            ? (call, block.Statements.Last())
            : null;
}
