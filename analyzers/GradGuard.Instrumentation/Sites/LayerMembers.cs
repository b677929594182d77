using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>The fields and properties of a class, and what they are given.</summary>
internal static class LayerMembers
{
    /// <summary>Initial values and assignments, in the order of the code.</summary>
    public static IEnumerable<(ISymbol Member, ExpressionSyntax Value)> Of(ClassDeclarationSyntax declaration, SemanticModel model, CancellationToken cancellation)
    {
        foreach (var node in declaration.DescendantNodes(node => node == declaration || node is not ClassDeclarationSyntax))
        {
            if (node is VariableDeclaratorSyntax { Initializer.Value: { } initial, Parent.Parent: FieldDeclarationSyntax } field
                && model.GetDeclaredSymbol(field, cancellation) is { } declared)
                yield return (declared, Unwrap(initial));
            else if (node is PropertyDeclarationSyntax { Initializer.Value: { } value } property && model.GetDeclaredSymbol(property, cancellation) is { } automatic)
                yield return (automatic, Unwrap(value));
            else if (node is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
                && model.GetSymbolInfo(assignment.Left, cancellation).Symbol is (IFieldSymbol or IPropertySymbol) and var member)
                yield return (member, Unwrap(assignment.Right));
        }
    }

    /// <summary>The value without parentheses, casts and assurances.</summary>
    public static ExpressionSyntax Unwrap(ExpressionSyntax value) => value switch
    {
        ParenthesizedExpressionSyntax parenthesized => Unwrap(parenthesized.Expression),
        CastExpressionSyntax cast => Unwrap(cast.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => Unwrap(sure.Operand),
        _ => value,
    };
}
