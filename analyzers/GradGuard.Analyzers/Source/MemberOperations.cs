using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Source;

/// <summary>
/// The operations of members as the compiler handed them out: bodies of methods, constructors, accessors and top-level statements, and initial
/// values of fields and properties. Filled concurrently.
/// </summary>
/// <param name="rest">At the end of a compilation: what the compiler was not asked for.</param>
internal sealed class MemberOperations(OrdinaryCode? rest = null)
{
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<IOperation>> _blocks = new(SymbolEqualityComparer.Default);

    /// <summary>What the compiler was not asked for and may be read all the same; null where there is none.</summary>
    public OrdinaryCode? Rest { get; } = rest;

    /// <summary>The members seen so far.</summary>
    public IEnumerable<ISymbol> Members => _blocks.Keys;

    /// <summary>Keeps the blocks of one member. A field declared with several variables, or a partial method, adds to what is there.</summary>
    public void Add(ISymbol member, ImmutableArray<IOperation> blocks) =>
        _blocks.AddOrUpdate(member, blocks, (_, known) => known.AddRange(blocks.Except(known)));

    /// <summary>Keeps all of <paramref name="other"/>.</summary>
    public void AddAll(MemberOperations other)
    {
        foreach (var entry in other._blocks)
            Add(entry.Key, entry.Value);
    }

    /// <summary>The blocks of <paramref name="member"/>; empty where none were seen.</summary>
    public ImmutableArray<IOperation> Of(ISymbol member) =>
        _blocks.TryGetValue(member.OriginalDefinition, out var blocks) ? blocks : ImmutableArray<IOperation>.Empty;
}
