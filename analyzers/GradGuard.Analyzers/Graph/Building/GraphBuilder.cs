using System.Collections.Immutable;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Builds the graph of a module class, or of a method that handles tensors itself.</summary>
internal static class GraphBuilder
{
    /// <summary>
    /// Runs the constructor, then <c>forward</c>. Constructor parameters count as unknown unless they have a default. A class without a
    /// <c>forward</c> gives a graph with its layers and no outputs.
    /// </summary>
    public static ModelGraph BuildModule(INamedTypeSymbol type, OperationSource source, TorchSymbols symbols, CancellationToken cancellationToken = default)
    {
        var interpreter = new Interpreter(symbols, source, cancellationToken);
        var instance = interpreter.ConstructUnknown(type);
        var outputs = ImmutableArray<GraphNode>.Empty;
        if (instance is not null && interpreter.FindForward(type.OriginalDefinition) is { } forward)
            outputs = interpreter.Run(forward, instance);
        return interpreter.Finish(type.Name, type, isModule: true, outputs);
    }

    /// <summary>Runs one method: a training loop, a hand-written forward pass, the statements of a program. Fields hold what its class puts there.</summary>
    public static ModelGraph BuildMethod(IMethodSymbol method, OperationSource source, TorchSymbols symbols, CancellationToken cancellationToken = default)
    {
        var interpreter = new Interpreter(symbols, source, cancellationToken);
        var instance = method.IsStatic ? null : interpreter.ConstructUnknown(method.ContainingType);
        var outputs = interpreter.Run(method, instance);
        return interpreter.Finish(method.Name, method.ContainingType, isModule: false, outputs);
    }
}
