using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>Builds the graph of a module class, or of a method that handles tensors itself.</summary>
internal static class GraphBuilder
{
    /// <summary>
    /// Every graph of a type: its own if it is a module, then one for each method that handles tensors and was not followed as part of another.
    /// </summary>
    public static IEnumerable<ModelGraph> BuildAll(
        INamedTypeSymbol type, OperationResolver resolver, TorchSymbols symbols, CancellationToken cancellationToken = default)
    {
        var followed = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        if (symbols.IsUserModule(type) && !type.IsAbstract)
        {
            var interpreter = new Interpreter(symbols, resolver, cancellationToken);
            yield return BuildModule(interpreter, type);
            followed.UnionWith(interpreter.Evaluated);
        }

        foreach (var method in RootsFirst(type, resolver))
        {
            if (followed.Contains(method) || !HandlesTensors(method, resolver, symbols))
                continue;
            var interpreter = new Interpreter(symbols, resolver, cancellationToken);
            yield return BuildMethod(interpreter, method);
            followed.UnionWith(interpreter.Evaluated);
        }
    }

    /// <summary>
    /// Runs the constructor, then <c>forward</c>. Constructor parameters count as unknown unless they have a default. A class without a
    /// <c>forward</c> gives a graph with its layers and no outputs.
    /// </summary>
    public static ModelGraph BuildModule(
        INamedTypeSymbol type, OperationResolver resolver, TorchSymbols symbols, CancellationToken cancellationToken = default) =>
        BuildModule(new Interpreter(symbols, resolver, cancellationToken), type);

    /// <summary>Runs one method: a training loop, a hand-written forward pass, the statements of a program. Fields hold what its class puts there.</summary>
    public static ModelGraph BuildMethod(
        IMethodSymbol method, OperationResolver resolver, TorchSymbols symbols, CancellationToken cancellationToken = default) =>
        BuildMethod(new Interpreter(symbols, resolver, cancellationToken), method);

    private static ModelGraph BuildModule(Interpreter interpreter, INamedTypeSymbol type)
    {
        var instance = interpreter.ConstructUnknown(type);
        var outputs = ImmutableArray<GraphNode>.Empty;
        if (instance is not null && interpreter.FindForward(type.OriginalDefinition) is { } forward)
            outputs = interpreter.Run(forward, instance);
        return interpreter.Finish(type.Name, type, isModule: true, outputs);
    }

    private static ModelGraph BuildMethod(Interpreter interpreter, IMethodSymbol method)
    {
        var instance = method.IsStatic ? null : interpreter.ConstructUnknown(method.ContainingType);
        var outputs = interpreter.Run(method, instance);
        return interpreter.Finish(method.Name, method.ContainingType, isModule: false, outputs);
    }

    /// <summary>The type's methods, those that no other of them calls before the rest, which their callers most often have followed by then.</summary>
    private static IEnumerable<IMethodSymbol> RootsFirst(INamedTypeSymbol type, OperationResolver resolver)
    {
        var methods = type.GetMembers().OfType<IMethodSymbol>()
            .Where(method => method.MethodKind is MethodKind.Ordinary && !method.IsAbstract)
            .ToArray();
        var called = new HashSet<ISymbol>(
            methods.SelectMany(method => resolver.CallsIn(method)
                .Select(call => (ISymbol)call.TargetMethod.OriginalDefinition).Where(target => !SymbolEqualityComparer.Default.Equals(target, method))),
            SymbolEqualityComparer.Default);
        return methods.OrderBy(method => called.Contains(method));
    }

    private static bool HandlesTensors(IMethodSymbol method, OperationResolver resolver, TorchSymbols symbols) =>
        resolver.CallsIn(method)
            .Any(call => symbols.OperationOf(call.TargetMethod) is not null
                || symbols.TrainingCallOf(call.TargetMethod) is TrainingCallKind.Backward
                || symbols.OperationOfModule(call.Instance?.Type) is TorchOperation.Loss);
}
