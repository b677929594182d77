using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradGuard.Analyzers.Composition;

/// <summary>
/// Finds out whether a module class that never calls <c>RegisterComponents()</c> is trained all the same: some method makes one, asks for its
/// <c>parameters()</c> and puts it into no other module. A module that is part of another is registered by that one and may leave the call out.
/// </summary>
internal sealed class UnregisteredRootReader(INamedTypeSymbol type, OperationResolver operations, TorchSymbols torch)
{
    /// <summary>The places where that happens, as far as may be seen now.</summary>
    public ImmutableArray<UnregisteredRoot> Read() => UnregisteredMembers() is { IsEmpty: false } members
        ? operations.VisibleMembers().SelectMany(member => operations.BlocksOf(member)).SelectMany(block => Roots(block, members)).ToImmutableArray()
        : ImmutableArray<UnregisteredRoot>.Empty;

    private IEnumerable<UnregisteredRoot> Roots(IOperation block, ImmutableArray<ISymbol> members)
    {
        foreach (var declarator in block.DescendantsAndSelf().OfType<IVariableDeclaratorOperation>())
        {
            if (CreationIn(declarator.GetVariableInitializer()?.Value) is { Constructor: { } constructor } && ParametersOf(declarator.Symbol, block) is { } use)
                yield return new(constructor.OriginalDefinition, members, use.Syntax.GetLocation());
        }
    }

    private IObjectCreationOperation? CreationIn(IOperation? value) => value switch
    {
        IConversionOperation conversion => CreationIn(conversion.Operand),
        IInvocationOperation move when torch.TrainingCallOf(move.TargetMethod) is TrainingCallKind.MoveModule =>
            CreationIn(move.Instance ?? move.Arguments.FirstOrDefault()?.Value),
        IObjectCreationOperation creation when SymbolEqualityComparer.Default.Equals(creation.Type?.OriginalDefinition, type) => creation,
        _ => null,
    };

    /// <summary>The first call of <c>parameters()</c> on the model in <paramref name="local"/>; null where other code gets hold of the model.</summary>
    private IInvocationOperation? ParametersOf(ILocalSymbol local, IOperation block)
    {
        var calls = block.Descendants().OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local))
            .Select(CallOn).ToList();
        return calls.Contains(null) ? null : calls.FirstOrDefault(call => torch.TrainingCallOf(call!.TargetMethod) is TrainingCallKind.Parameters);
    }

    private IInvocationOperation? CallOn(ILocalReferenceOperation reference) => reference.Parent switch
    {
        IInvocationOperation call when call.Instance == reference && torch.TrainingCallOf(call.TargetMethod) is not TrainingCallKind.Register => call,
        IArgumentOperation { Parent: IInvocationOperation { Parent: IExpressionStatementOperation } move }
            when torch.TrainingCallOf(move.TargetMethod) is TrainingCallKind.MoveModule => move,
        _ => null,
    };

    /// <summary>The modules and parameters with state that a class keeps; empty where it registers something, or some of it cannot be seen.</summary>
    private ImmutableArray<ISymbol> UnregisteredMembers()
    {
        var made = ImmutableArray.CreateBuilder<ISymbol>();
        for (var current = type; !torch.IsDeclaredInTorchSharp(current); current = current.BaseType!.OriginalDefinition)
        {
            var code = current.GetMembers().SelectMany(member => operations.BlocksOf(member)).SelectMany(block => block.DescendantsAndSelf()).ToList();
            if (current.GetMembers().Any(operations.IsElsewhere) || !PlainModules.Contains(current, torch)
                || code.OfType<IInvocationOperation>().Any(call => torch.TrainingCallOf(call.TargetMethod) is TrainingCallKind.RegisterComponents or TrainingCallKind.Register))
                return ImmutableArray<ISymbol>.Empty;
            made.AddRange(MadeMember.In(code, current, torch).Select(member => member.Member));
        }

        return made.ToImmutable();
    }
}

/// <summary>A model that is trained though its class registers nothing.</summary>
/// <param name="Constructor">The constructor that made it.</param>
/// <param name="Members">What is lost.</param>
/// <param name="Use">The call of <c>parameters()</c> that finds nothing.</param>
internal sealed record UnregisteredRoot(IMethodSymbol Constructor, ImmutableArray<ISymbol> Members, Location Use);
