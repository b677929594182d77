using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Recurrence;

/// <summary>GG3003: detaches each state at the beginning of the loop's body.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG3003CarriedGraphFix))]
[Shared]
public sealed class GG3003CarriedGraphFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG3003CarriedGraphFix()
        : base("GG3003")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Detach the state at the beginning of each pass (truncates backpropagation there)";

    /// <inheritdoc />
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        FirstStatement(diagnostic, node) is { Parent.Parent: { } loop } && States(diagnostic, node).All(state => state is not null && IsDeclaredOutside(loop, state));

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (FirstStatement(diagnostic, node) is not { } first)
            return;
        foreach (var state in States(diagnostic, node).OfType<IdentifierNameSyntax>())
        {
            var detached = Detached(state, editor.SemanticModel.GetTypeInfo(state).Type as INamedTypeSymbol);
            LoopStatements.InsertBefore(editor, first, LoopStatements.Statement($"{state.Identifier.ValueText} = {detached};", first));
        }
    }

    private static string Detached(IdentifierNameSyntax state, INamedTypeSymbol? type)
    {
        var name = state.Identifier.ValueText;
        if (type is { IsTupleType: true })
            return $"({string.Join(", ", Enumerable.Range(1, type.TupleElements.Length).Select(item => $"{name}.Item{item}.detach()"))})";
        return DeclarationOf(state) is VariableDeclaratorSyntax { Initializer.Value: var start } && IsNull(start) ? $"{name}?.detach()" : $"{name}.detach()";
    }

    private static bool IsNull(ExpressionSyntax expression) => expression switch
    {
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed => IsNull(suppressed.Operand),
        _ => expression.IsKind(SyntaxKind.NullLiteralExpression) || expression.IsKind(SyntaxKind.DefaultLiteralExpression),
    };

    /// <summary>A nullable tuple cannot be taken apart in one expression, and a variable of another method cannot be written here.</summary>
    private static bool IsDeclaredOutside(SyntaxNode loop, IdentifierNameSyntax state) =>
        loop.Span.Contains(state.Span)
        && DeclarationOf(state) is { } declaration
        && !loop.Span.Contains(declaration.Span)
        && declaration is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: NullableTypeSyntax { ElementType: TupleTypeSyntax } } };

    /// <summary>The one declaration of the variable's name in its member, null where there are several or none.</summary>
    private static SyntaxNode? DeclarationOf(IdentifierNameSyntax state)
    {
        var member = state.Ancestors().First(ancestor => ancestor is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);
        var declarations = member.DescendantNodes().Where(node => NameOf(node) == state.Identifier.ValueText).Take(2).ToList();
        return declarations.Count == 1 ? declarations[0] : null;
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        _ => null,
    };

    /// <summary>The first statement of the loop, which is the finding's first further place; null where its body is no block.</summary>
    private static StatementSyntax? FirstStatement(Diagnostic diagnostic, SyntaxNode node)
    {
        var body = LoopStatements.FurtherPlace(diagnostic, node) switch
        {
            CommonForEachStatementSyntax each => each.Statement,
            ForStatementSyntax loop => loop.Statement,
            WhileStatementSyntax loop => loop.Statement,
            DoStatementSyntax loop => loop.Statement,
            _ => null,
        };
        return (body as BlockSyntax)?.Statements.FirstOrDefault();
    }

    /// <summary>The variables that carry a state, null for a place that is no plain variable.</summary>
    private static IEnumerable<IdentifierNameSyntax?> States(Diagnostic diagnostic, SyntaxNode node) => diagnostic.AdditionalLocations
        .Skip(1)
        .Select(place => node.SyntaxTree.GetRoot().FindNode(place.SourceSpan, getInnermostNodeForTie: true))
        .Prepend(node)
        .Select(place => ((place as ArgumentSyntax)?.Expression ?? place) as IdentifierNameSyntax);
}
