using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradGuard.CodeFixes;

/// <summary>The forms in which calls of TorchSharp are written.</summary>
internal static class CallSyntax
{
    /// <summary>
    /// The tensor a call works on: the receiver of a tensor's method, otherwise the first argument. Null where the call has another form.
    /// </summary>
    public static ExpressionSyntax? OperandOf(SyntaxNode node, SemanticModel model)
    {
        if (!HasPlainArguments(node) || node is not InvocationExpressionSyntax call)
            return null;
        var isOfTensor = model.GetSymbolInfo(call).Symbol is IMethodSymbol { IsStatic: false, ContainingType.Name: "Tensor", ReducedFrom: null };
        return isOfTensor ? (call.Expression as MemberAccessExpressionSyntax)?.Expression : call.ArgumentList.Arguments.FirstOrDefault()?.Expression;
    }

    /// <summary>The arguments of a call after its tensor.</summary>
    public static IEnumerable<ArgumentSyntax> FurtherArguments(InvocationExpressionSyntax call, ExpressionSyntax operand) =>
        call.ArgumentList.Arguments.Where(argument => argument.Expression != operand);

    /// <summary>True for a call whose arguments stand in order and without names.</summary>
    public static bool HasPlainArguments(SyntaxNode node) =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax or IdentifierNameSyntax } call
        && call.ArgumentList.Arguments.All(argument => argument.NameColon is null);

    /// <summary>The name a call is written with: <c>log</c> of <c>torch.log(x)</c>.</summary>
    public static string? NameOf(SyntaxNode node) => node is InvocationExpressionSyntax { Expression: var called }
        ? (called as IdentifierNameSyntax ?? (called as MemberAccessExpressionSyntax)?.Name as IdentifierNameSyntax)?.Identifier.ValueText
        : null;

    /// <summary>The argument of <c>Sequential(…)</c>, alone or with a name, in which a module is created; null for one created elsewhere.</summary>
    public static ArgumentSyntax? InSequential(SyntaxNode creation)
    {
        var argument = creation.Parent as ArgumentSyntax;
        if (argument is { Parent: TupleExpressionSyntax { Parent: ArgumentSyntax outer } })
            argument = outer;
        return argument is { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax sequence } } && NameOf(sequence) is "Sequential" ? argument : null;
    }

    /// <summary>A call of a function of TorchSharp by its full name, which the IDE shortens.</summary>
    public static InvocationExpressionSyntax CallTorch(string function, IEnumerable<ArgumentSyntax> arguments) =>
        SyntaxFactory.InvocationExpression(Torch(function), SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments)));

    /// <summary>A member of <c>torch</c> by its full name, which the IDE shortens.</summary>
    public static ExpressionSyntax Torch(string member) =>
        SyntaxFactory.ParseExpression("global::TorchSharp.torch." + member).WithAdditionalAnnotations(Simplifier.Annotation);
}
