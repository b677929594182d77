using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>What one method, lambda or local function does about training, before the calls in it are followed.</summary>
internal sealed class MethodTrace
{
    private readonly Lazy<ImmutableArray<TrainingNode>> _nodes;

    public MethodTrace() => _nodes = new(() => Body!.DescendantsAndSelf());

    /// <summary>The method; the one that holds it for a lambda; null for the initializer of a field or property.</summary>
    public IMethodSymbol? Method { get; init; }

    public required TrainingNode Body { get; init; }

    /// <summary>Everything in <see cref="Body"/>, in order.</summary>
    public ImmutableArray<TrainingNode> Nodes => _nodes.Value;

    /// <summary>Lambdas and local functions declared inside, at any depth.</summary>
    public ImmutableArray<MethodTrace> Nested { get; init; } = ImmutableArray<MethodTrace>.Empty;

    /// <summary>Which modules were seen to reach which variables.</summary>
    public ImmutableArray<ModuleFlow> Flows { get; init; } = ImmutableArray<ModuleFlow>.Empty;
}

/// <summary>A module stored in a variable, passed to a parameter, or returned by a method.</summary>
/// <param name="Target">The variable, parameter or method.</param>
/// <param name="Type">The static type of what is stored.</param>
/// <param name="Source">The variable or method it was read from; null for anything else.</param>
internal sealed record ModuleFlow(ISymbol Target, ITypeSymbol? Type, ISymbol? Source);
