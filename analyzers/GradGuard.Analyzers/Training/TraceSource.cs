using System.Collections.Concurrent;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>
/// Traces the members of a compilation. A trace says what a member does before its calls are followed, so it is the same whoever asks; what was traced
/// with its type is not traced again at the end of the compilation. Safe for concurrent use.
/// </summary>
internal sealed class TraceSource(TorchSymbols torch)
{
    private readonly GradientReach _reach = new(torch);
    private readonly ConcurrentDictionary<ISymbol, MethodTrace> _known = new(SymbolEqualityComparer.Default);

    /// <summary>The trace of a member, by its definition; null where its code cannot be seen.</summary>
    public MethodTrace? Trace(ISymbol definition, OperationResolver operations)
    {
        if (_known.TryGetValue(definition, out var known))
            return known;
        var blocks = operations.BlocksOf(definition);
        if (blocks.IsEmpty)
            return null;
        var trace = TraceBuilder.Build(definition as IMethodSymbol, blocks, torch, _reach);
        // What was read from the file of another type is that type's own to trace, once the compiler has handed out its code.
        return operations.IsHandedOut(definition) ? _known.GetOrAdd(definition, trace) : trace;
    }
}
