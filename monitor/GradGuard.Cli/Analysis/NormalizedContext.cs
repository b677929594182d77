using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Cli.Analysis;

/// <summary>
/// The code around a finding, so written that it stays the same when lines move, when the file is formatted anew and when local variables and
/// parameters are renamed. Formatting includes what code style rules rewrite: braces, expression bodies, <c>this.</c>, parentheses around a whole value.
/// </summary>
internal static class NormalizedContext
{
    /// <summary>The tokens of the statement, initial value or declaration around <paramref name="node"/>, local names replaced by their order.</summary>
    public static string Around(SyntaxNode node)
    {
        var context = node.AncestorsAndSelf().FirstOrDefault(IsContext) ?? node;
        var member = node.AncestorsAndSelf().LastOrDefault(ancestor => ancestor is MemberDeclarationSyntax and not (BaseTypeDeclarationSyntax or BaseNamespaceDeclarationSyntax or GlobalStatementSyntax))
            ?? node.SyntaxTree.GetRoot();
        var locals = LocalNamesIn(member);
        var order = new Dictionary<string, string>();
        var tokens = TokensOf(context).Where(token => !IsNoise(token)).Select(token => IsUseOf(token, locals) ? Ordinal(token.ValueText) : token.Text);
        return string.Join(' ', tokens);

        string Ordinal(string name) => order.TryGetValue(name, out var known) ? known : order[name] = $"${order.Count + 1}";
    }

    /// <summary>An expression that is all of a statement, a body or an initial value is told the same whichever it is.</summary>
    private static bool IsNoise(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.ReturnKeyword or SyntaxKind.EqualsGreaterThanToken => token.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax,
        SyntaxKind.EqualsToken => token.Parent is EqualsValueClauseSyntax,
        SyntaxKind.SemicolonToken => token.Parent is ReturnStatementSyntax or ExpressionStatementSyntax,
        SyntaxKind.ThisKeyword => token.Parent is ThisExpressionSyntax { Parent: MemberAccessExpressionSyntax },
        SyntaxKind.DotToken => token.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax },
        SyntaxKind.OpenParenToken or SyntaxKind.CloseParenToken =>
            token.Parent is ParenthesizedExpressionSyntax { Parent: StatementSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax or ArgumentSyntax },
        _ => false,
    };

    private static bool IsContext(SyntaxNode node) =>
        node is (StatementSyntax and not BlockSyntax) or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax or ConstructorInitializerSyntax or MemberDeclarationSyntax;

    /// <summary>A loop, a method or a class is told by its head: what its body holds are other places.</summary>
    private static IEnumerable<SyntaxToken> TokensOf(SyntaxNode context) => context.DescendantTokens(node =>
        node == context || node is not (BlockSyntax or StatementSyntax { Parent: not BlockSyntax and not GlobalStatementSyntax } or MemberDeclarationSyntax));

    private static HashSet<string> LocalNamesIn(SyntaxNode member) => [.. member.DescendantNodes().Select(node => node switch
    {
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        VariableDeclaratorSyntax { Parent.Parent: not BaseFieldDeclarationSyntax } local => local.Identifier.ValueText,
        SingleVariableDesignationSyntax designation => designation.Identifier.ValueText,
        ForEachStatementSyntax loop => loop.Identifier.ValueText,
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        CatchDeclarationSyntax caught => caught.Identifier.ValueText,
        FromClauseSyntax query => query.Identifier.ValueText,
        LetClauseSyntax query => query.Identifier.ValueText,
        _ => "",
    }).Where(name => name.Length > 0)];

    private static bool IsUseOf(SyntaxToken token, HashSet<string> locals) =>
        token.IsKind(SyntaxKind.IdentifierToken) && locals.Contains(token.ValueText) && !IsMemberName(token) && token.Parent?.Parent is not NameColonSyntax;

    private static bool IsMemberName(SyntaxToken token) =>
        token.Parent is SimpleNameSyntax name && name.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Name == name,
            MemberBindingExpressionSyntax => true,
            _ => false,
        };
}
