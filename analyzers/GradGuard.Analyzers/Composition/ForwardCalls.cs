using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>Reads the calls of <c>forward()</c> that skip a module's hooks.</summary>
internal static class ForwardCalls
{
    /// <summary>
    /// The call as one that could be <c>call()</c>. Null for <c>base.forward</c>, for one <c>forward</c> handing over to another of the same object, for a
    /// loss (nobody hooks those), and where the class has no <c>call</c> that takes the same arguments.
    /// </summary>
    public static ForwardCall? Read(IInvocationOperation call, HookedModules hooked, TorchSymbols torch)
    {
        if (call.Instance is not { Type: { } receiver } instance || IsLoss(receiver, torch) || !HasCall(receiver, call))
            return null;
        return instance is IInstanceReferenceOperation && (instance.Syntax is BaseExpressionSyntax || IsInForward(call))
            ? null
            : new(NameIn(call.Syntax).GetLocation(), NameOf(instance), hooked.Contain(instance));
    }

    private static bool IsLoss(ITypeSymbol receiver, TorchSymbols torch)
    {
        for (var type = receiver; type is not null; type = type.BaseType)
        {
            if (type.Name == "Loss" && torch.IsDeclaredInTorchSharp(type))
                return true;
        }

        return torch.OperationOfModule(receiver) is TorchOperation.Loss;
    }

    private static bool IsInForward(IInvocationOperation call)
    {
        for (var symbol = call.SemanticModel?.GetEnclosingSymbol(call.Syntax.SpanStart); symbol is IMethodSymbol method; symbol = symbol.ContainingSymbol)
        {
            if (method.Name == "forward")
                return true;
        }

        return false;
    }

    /// <summary>The word <c>forward</c>, which is all there is to change.</summary>
    private static SyntaxNode NameIn(SyntaxNode call) => (call as InvocationExpressionSyntax)?.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name,
        MemberBindingExpressionSyntax member => member.Name,
        { } name => name,
        null => call,
    };

    private static bool HasCall(ITypeSymbol receiver, IInvocationOperation forward)
    {
        var given = forward.Arguments.Where(argument => argument.ArgumentKind is not ArgumentKind.DefaultValue).Select(argument => argument.Parameter?.Type).ToList();
        for (var type = receiver is ITypeParameterSymbol { ConstraintTypes: [var constraint, ..] } ? constraint : receiver; type is not null; type = type.BaseType)
        {
            if (type.GetMembers("call").OfType<IMethodSymbol>().Any(call => Fits(call, given)))
                return true;
        }

        return false;
    }

    private static bool Fits(IMethodSymbol call, List<ITypeSymbol?> given) =>
        call.Parameters.Length >= given.Count
        && call.Parameters.Skip(given.Count).All(parameter => parameter.IsOptional)
        && call.Parameters.Zip(given, (parameter, type) => SymbolEqualityComparer.Default.Equals(parameter.Type, type)).All(isSame => isSame);

    private static string NameOf(IOperation instance) => instance switch
    {
        IFieldReferenceOperation { Field: var field } => field.Name,
        IPropertyReferenceOperation { Property: { IsIndexer: false } property } => property.Name,
        ILocalReferenceOperation { Local: var local } => local.Name,
        IParameterReferenceOperation { Parameter: var parameter } => parameter.Name,
        _ => instance.Type!.Name,
    };
}
