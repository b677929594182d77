using System.Collections.Concurrent;
using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>
/// The traces of the methods that can be seen: those of a type and its file while it is edited, those of the whole compilation at its end. Safe
/// for concurrent use; each member is traced once.
/// </summary>
internal sealed class TraceIndex
{
    private readonly ConcurrentDictionary<ISymbol, MethodTrace?> _traces = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<MethodTrace, bool> _matters = new();
    private readonly ConcurrentDictionary<MethodTrace, bool> _trains = new();
    private readonly OperationResolver _operations;
    private readonly TraceSource _source;
    private readonly Lazy<ImmutableArray<MethodTrace>> _roots;
    private readonly Lazy<HashSet<IMethodSymbol>> _called;
    private readonly Lazy<ILookup<ISymbol, TrainingEvent>> _creations;
    private readonly Lazy<ILookup<string, IMethodSymbol>> _methods;
    private readonly ConcurrentDictionary<IMethodSymbol, ImmutableArray<IMethodSymbol>> _implementations = new(SymbolEqualityComparer.Default);

    /// <param name="members">The members to judge: those of one type, or all of the compilation's.</param>
    /// <param name="operations">Where their operations, and those of what they call, are found.</param>
    /// <param name="isWhole">True where <paramref name="members"/> is all there is, so that all overrides of a method are known.</param>
    /// <param name="torch">TorchSharp's symbols.</param>
    /// <param name="source">Traces members, and knows those that were traced before.</param>
    public TraceIndex(IEnumerable<ISymbol> members, OperationResolver operations, bool isWhole, TorchSymbols torch, TraceSource source)
    {
        IsWhole = isWhole;
        _operations = operations;
        Torch = torch;
        _source = source;
        _roots = new(() => members.Select(Find).OfType<MethodTrace>().SelectMany(trace => trace.Nested.Insert(0, trace)).ToImmutableArray());
        _called = new(() => new HashSet<IMethodSymbol>(
            _roots.Value.SelectMany(trace => trace.Nodes).OfType<CallNode>().Select(call => call.Callee.Method).OfType<IMethodSymbol>(),
            SymbolEqualityComparer.Default));
        _creations = new(() => _roots.Value.SelectMany(trace => trace.Nodes).OfType<TrainingEvent>()
            .Where(happening => happening is { Kind: TrainingEventKind.CreateOptimizer, Target: { IsOnThis: true, Symbol: not null } })
            .ToLookup(happening => happening.Target!.Symbol!, SymbolEqualityComparer.Default));
        _methods = new(() => members.OfType<IMethodSymbol>().Concat(operations.OrdinaryMethods).ToLookup(method => method.Name.Substring(method.Name.LastIndexOf('.') + 1)));
    }

    /// <summary>True where every method of the compilation can be seen.</summary>
    public bool IsWhole { get; }

    /// <summary>TorchSharp's symbols in this compilation.</summary>
    public TorchSymbols Torch { get; }

    /// <summary>The members to judge, their lambdas and local functions.</summary>
    public ImmutableArray<MethodTrace> Roots => _roots.Value;

    /// <summary>How the optimizer in a field or property is made, wherever its class can be seen.</summary>
    public IEnumerable<TrainingEvent> CreationsOf(ISymbol member) => _creations.Value[member];

    /// <summary>True where code that can be seen calls <paramref name="method"/>, or where code that cannot might.</summary>
    public bool IsCalled(IMethodSymbol method) =>
        _called.Value.Contains(method.OriginalDefinition) || (!IsWhole && method.DeclaredAccessibility is not Accessibility.Private and not Accessibility.NotApplicable);

    /// <summary>What may run when <paramref name="callee"/> is called: its body, or those of all its overrides. Null where that cannot be seen.</summary>
    public ImmutableArray<MethodTrace>? Resolve(Callee callee)
    {
        if (callee.Lambda is { } lambda)
            return [lambda];
        if (callee.Method is not { } method)
            return null;
        var candidates = callee.IsVirtual && !IsSealed(method)
            ? IsWhole ? ImplementationsOf(method).Append(method).Where(candidate => !candidate.IsAbstract) : null
            : [method];
        var traces = candidates?.Select(candidate => Find(candidate)).ToImmutableArray();
        return traces is not { IsEmpty: false } || traces.Value.Any(trace => trace is null) ? null : traces.Value.CastArray<MethodTrace>();
    }

    /// <summary>False for a method that neither does anything about training nor calls, however indirectly, one that might.</summary>
    public bool Matters(MethodTrace trace) => _matters.TryGetValue(trace, out var known) ? known : _matters.GetOrAdd(trace, Reaches(trace, Matters));

    /// <summary>
    /// False for a method that, all its calls followed, has none of the events that a rule may start from. What runs a model and no more, as most
    /// methods of modules do, is then not judged.
    /// </summary>
    public bool Trains(MethodTrace trace) => _trains.TryGetValue(trace, out var known) ? known : _trains.GetOrAdd(trace, Reaches(trace, StartsRule));

    private static bool IsSealed(IMethodSymbol method) =>
        method.IsSealed || method.ContainingType.IsSealed || !(method.IsVirtual || method.IsOverride || method.IsAbstract);

    /// <summary>The overrides and implementations of a method. Those that implement an interface's method explicitly have the interface in their names.</summary>
    private ImmutableArray<IMethodSymbol> ImplementationsOf(IMethodSymbol method) => _implementations.GetOrAdd(method, _ => _methods.Value[method.Name]
        .SelectMany(DeclarationsOf, (candidate, declaration) => (candidate, declaration))
        .Where(pair => SymbolEqualityComparer.Default.Equals(pair.declaration, method))
        .Select(pair => pair.candidate)
        .ToImmutableArray());

    private static IEnumerable<ISymbol> DeclarationsOf(IMethodSymbol method)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
            yield return overridden.OriginalDefinition;
        foreach (var member in method.ContainingType.AllInterfaces.SelectMany(type => type.GetMembers(method.Name)))
        {
            if (SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
                yield return member.OriginalDefinition;
        }
    }

    private MethodTrace? Find(ISymbol member)
    {
        var definition = (member as IMethodSymbol)?.PartialImplementationPart ?? member;
        if (_traces.TryGetValue(definition, out var known))
            return known;
        var trace = _source.Trace(definition, _operations);
        foreach (var nested in trace?.Nested ?? ImmutableArray<MethodTrace>.Empty)
        {
            if (nested.Method is { MethodKind: MethodKind.LocalFunction } function)
                _traces.TryAdd(function, nested);
        }

        return _traces.GetOrAdd(definition, trace);
    }

    private bool Reaches(MethodTrace start, Func<TrainingNode, bool> wanted)
    {
        var seen = new HashSet<MethodTrace> { start };
        var open = new Stack<MethodTrace>(seen);
        while (open.Count > 0)
        {
            foreach (var node in open.Pop().Nodes)
            {
                if (wanted(node))
                    return true;
                if (node is not CallNode call)
                    continue;
                foreach (var callee in call.Functions.Values.Prepend(call.Callee))
                {
                    foreach (var trace in Resolve(callee) ?? ImmutableArray<MethodTrace>.Empty)
                    {
                        if (seen.Add(trace))
                            open.Push(trace);
                    }
                }
            }
        }

        return false;
    }

    private static bool StartsRule(TrainingNode node) => node is TrainingEvent
    {
        Kind: TrainingEventKind.Backward or TrainingEventKind.OptimizerStep or TrainingEventKind.CreateOptimizer or TrainingEventKind.DropGradMode
            or TrainingEventKind.Eval or TrainingEventKind.AttachMonitor
    };

    private bool Matters(TrainingNode node) => node switch
    {
        TrainingEvent { Kind: var kind } => kind is not (TrainingEventKind.AssignTensor or TrainingEventKind.AliasModule),
        ScopeNode => true,
        CallNode { Callee.Delegate: not null } or CallNode { Functions.Count: > 0 } => true,
        CallNode call => !call.IsHarmless && Resolve(call.Callee) is null,
        _ => false,
    };
}
