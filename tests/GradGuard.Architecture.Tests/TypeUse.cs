using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Architecture.Tests;

/// <summary>One place where a type's code uses another type: by name, by member, or by holding a value of it.</summary>
/// <param name="User">The outermost type whose code it is.</param>
/// <param name="Used">The outermost type that is used, as declared.</param>
/// <param name="Member">The member of it that is used, where the place names one.</param>
/// <param name="Place">File and line, as <c>path:line</c>.</param>
internal sealed record TypeUse(INamedTypeSymbol User, INamedTypeSymbol Used, string? Member, string Place)
{
    /// <summary>
    /// Every use in a compilation. Names are resolved, so aliases, <c>using static</c> and fully qualified names count alike, and so do
    /// <c>var</c> and chained calls that never write the type's name. A using directive by itself is no use.
    /// </summary>
    public static IEnumerable<TypeUse> AllOf(Compilation compilation) =>
        from tree in compilation.SyntaxTrees
        let model = compilation.GetSemanticModel(tree)
        from node in tree.GetRoot().DescendantNodes(node => node is not UsingDirectiveSyntax)
        let user = UserAt(node, model)
        where user is not null
        from use in UsesAt(node, model)
        select new TypeUse(user, Outermost(use.Type), use.Member, PlaceOf(node));

    private static string PlaceOf(SyntaxNode node) =>
        $"{node.SyntaxTree.FilePath}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    private static INamedTypeSymbol? UserAt(SyntaxNode node, SemanticModel model) =>
        node.Ancestors().LastOrDefault(ancestor => ancestor is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax) is { } declaration
            ? (INamedTypeSymbol)model.GetDeclaredSymbol(declaration)!
            : null;

    private static IEnumerable<(INamedTypeSymbol Type, string? Member)> UsesAt(SyntaxNode node, SemanticModel model)
    {
        if (node is SimpleNameSyntax name)
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            if (symbol is ITypeSymbol named)
            {
                foreach (var type in NamedTypesIn(named))
                    yield return (type, null);
            }
            else if (symbol?.ContainingType is { } owner and not { IsAnonymousType: true })
            {
                yield return (owner.OriginalDefinition, symbol.Name);
            }
        }

        if (node is ExpressionSyntax expression && !IsNameOfMember(expression) && model.GetTypeInfo(expression).Type is { } held)
        {
            foreach (var type in NamedTypesIn(held))
                yield return (type, MemberTakenFrom(expression));
        }
    }

    private static bool IsNameOfMember(ExpressionSyntax expression) =>
        expression.Parent is MemberAccessExpressionSyntax access && access.Name == expression
        || expression.Parent is MemberBindingExpressionSyntax or QualifiedNameSyntax;

    private static string? MemberTakenFrom(ExpressionSyntax expression) => expression.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Expression == expression => access.Name.Identifier.ValueText,
        ConditionalAccessExpressionSyntax access when access.Expression == expression =>
            access.WhenNotNull.DescendantNodesAndSelf().OfType<MemberBindingExpressionSyntax>().FirstOrDefault()?.Name.Identifier.ValueText,
        _ => null,
    };

    private static IEnumerable<INamedTypeSymbol> NamedTypesIn(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => NamedTypesIn(array.ElementType),
        IPointerTypeSymbol pointer => NamedTypesIn(pointer.PointedAtType),
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.SelectMany(element => NamedTypesIn(element.Type)),
        INamedTypeSymbol { IsAnonymousType: true } or IErrorTypeSymbol => [],
        INamedTypeSymbol named => named.TypeArguments.SelectMany(NamedTypesIn).Prepend(named.OriginalDefinition),
        _ => [],
    };

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? Outermost(outer) : type.OriginalDefinition;
}
