using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Instrumentation.Sites;

/// <summary>What the code does with an activation's result, where that decides how it is judged.</summary>
internal enum ActivationRole
{
    /// <summary>It goes on to whatever comes next.</summary>
    Plain,

    /// <summary>It is the state of a recurrence written as a loop: the next turn starts from it.</summary>
    State,

    /// <summary>It is multiplied with another tensor: closing and opening is its work, and flat is no fault.</summary>
    Gate,
}

/// <summary>Reads the role of an activation off the code around its call.</summary>
internal sealed class RoleReader(SemanticModel model, TorchSymbols symbols, CancellationToken cancellation)
{
    private static readonly HashSet<string> Products = ["mul", "mul_", "multiply"];

    /// <summary>The role of a call's result.</summary>
    public ActivationRole RoleOf(ExpressionSyntax call)
    {
        if (IsState(call))
            return ActivationRole.State;
        return IsFactor(call) || (LocalOf(call) is { } local && UsesOf(local, call).Any(IsFactor)) ? ActivationRole.Gate : ActivationRole.Plain;
    }

    /// <summary>True for one operand of a product of two tensors.</summary>
    private bool IsFactor(ExpressionSyntax value)
    {
        value = Outermost(value);
        return value.Parent switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.MultiplyExpression } product
                => IsTensor(product.Left) && IsTensor(product.Right),
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax { ArgumentList.Arguments: [var other, ..] } } access
                => access.Expression == value && Products.Contains(access.Name.Identifier.ValueText) && IsTensor(other.Expression),
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } }
                => Products.Contains(access.Name.Identifier.ValueText),
            _ => false,
        };
    }

    /// <summary>
    /// True where the result is kept in a variable from before the loop, which the loop reads. A loop over layers passes its value on
    /// in the same way and is no recurrence: no turn uses the weights of another.
    /// </summary>
    private bool IsState(ExpressionSyntax call)
    {
        if (Outermost(call).Parent is not AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
            || Outermost(call) != assignment.Right
            || call.Ancestors().FirstOrDefault(static node => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax) is not { } loop)
            return false;
        var target = assignment.Left is ElementAccessExpressionSyntax element ? element.Expression : assignment.Left;
        if (model.GetSymbolInfo(target, cancellation).Symbol is not { } state || state.DeclaringSyntaxReferences.Any(place => place.SyntaxTree == loop.SyntaxTree && loop.Span.Contains(place.Span)))
            return false;
        return ReadsOf(state, loop, target).Any() && !loop.DescendantNodes().OfType<ExpressionSyntax>().Any(IsLayerOfTheTurn);
    }

    /// <summary>True for a module that may be another one on the next turn: an element of a list, the variable of a foreach.</summary>
    private bool IsLayerOfTheTurn(ExpressionSyntax expression) => expression switch
    {
        ElementAccessExpressionSyntax => symbols.IsModule(model.GetTypeInfo(expression, cancellation).Type),
        IdentifierNameSyntax => model.GetSymbolInfo(expression, cancellation).Symbol is ILocalSymbol { IsForEach: true } local && symbols.IsModule(local.Type),
        _ => false,
    };

    private IEnumerable<ExpressionSyntax> UsesOf(ILocalSymbol local, SyntaxNode call)
        => call.Ancestors().FirstOrDefault(static node => node is MemberDeclarationSyntax or LocalFunctionStatementSyntax or LambdaExpressionSyntax) is { } body
            ? ReadsOf(local, body, except: null)
            : [];

    private IEnumerable<ExpressionSyntax> ReadsOf(ISymbol symbol, SyntaxNode within, SyntaxNode? except)
        => within.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name
            => name != except && name.Parent != except && name.Identifier.ValueText == symbol.Name
                && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellation).Symbol, symbol));

    private ILocalSymbol? LocalOf(ExpressionSyntax call) => Outermost(call).Parent switch
    {
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } => model.GetDeclaredSymbol(declarator, cancellation) as ILocalSymbol,
        AssignmentExpressionSyntax assignment => model.GetSymbolInfo(assignment.Left, cancellation).Symbol as ILocalSymbol,
        _ => null,
    };

    private bool IsTensor(ExpressionSyntax expression) => symbols.IsTensor(model.GetTypeInfo(expression, cancellation).Type);

    private static ExpressionSyntax Outermost(ExpressionSyntax expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax parenthesized)
            expression = parenthesized;
        return expression;
    }
}
