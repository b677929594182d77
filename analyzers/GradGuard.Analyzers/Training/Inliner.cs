using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>Follows the calls of one method and puts what they do in their place, so that the order of all events can be read off.</summary>
internal sealed class Inliner(TraceIndex index)
{
    // Deep or wide call trees beyond this are not understood, and said to be so.
    private const int MaxDepth = 12;
    private const int MaxCalls = 400;

    private int _calls;

    /// <summary>The body of <paramref name="trace"/> without calls: what cannot be seen is an <see cref="TrainingEventKind.Opaque"/> event.</summary>
    public TrainingNode Inline(MethodTrace trace) => Visit(trace.Body, new Frame(ImmutableStack.Create(trace), Frame.NoFunctions));

    private TrainingNode Visit(TrainingNode node, Frame frame) => node switch
    {
        SequenceNode sequence => new SequenceNode(Visit(sequence.Children, frame), sequence.Location),
        BranchNode branch => new BranchNode(Visit(branch.Alternatives, frame), branch.Location),
        LoopNode loop => loop.With(Visit(loop.Body, frame)),
        ScopeNode scope => new ScopeNode(scope.Kind, Visit(scope.Body, frame), scope.Location),
        CallNode call => Visit(call, frame),
        _ => node,
    };

    private ImmutableArray<TrainingNode> Visit(ImmutableArray<TrainingNode> nodes, Frame frame) => nodes.Select(node => Visit(node, frame)).ToImmutableArray();

    private TrainingNode Visit(CallNode call, Frame frame)
    {
        var callee = Bind(call.Callee, frame);
        if (callee is null || index.Resolve(callee) is not { } traces)
            return call.IsHarmless ? Nothing(call) : Opaque(call);
        if (!traces.Any(index.Matters) && call.Functions.Count == 0)
            return Nothing(call);
        if (frame.Depth == MaxDepth || ++_calls > MaxCalls || traces.Any(frame.IsRunning))
            return Opaque(call);
        var functions = call.Functions.ToDictionary(pair => pair.Key, pair => Bind(pair.Value, frame), SymbolEqualityComparer.Default);
        var bodies = traces.Select(trace => Body(trace, call, frame, functions)).ToImmutableArray();
        return bodies.Length == 1 ? bodies[0] : new BranchNode(bodies, call.Location);
    }

    private TrainingNode Body(MethodTrace trace, CallNode call, Frame frame, IReadOnlyDictionary<ISymbol, Callee?> functions)
    {
        var given = Bind(functions, trace, call);
        var outer = trace.Method?.MethodKind is MethodKind.AnonymousFunction or MethodKind.LocalFunction ? frame.Functions : Frame.NoFunctions;
        var inner = new Frame(frame.Running.Push(trace), outer.SetItems(given));
        var body = new MethodBodyNode(Visit(trace.Body, inner), call.Location);
        return new Rebasing(call.Receiver, Bind(call.Arguments, trace, call)).Apply(body);
    }

    /// <summary>What was given to the called method's parameters, by the parameters of the body that runs, which may be an override.</summary>
    private static IReadOnlyDictionary<ISymbol, T> Bind<T>(IReadOnlyDictionary<ISymbol, T> given, MethodTrace trace, CallNode call)
    {
        if (call.Callee.Method is not { } called || trace.Method is not { } running || SymbolEqualityComparer.Default.Equals(called, running))
            return given;
        return called.Parameters.Zip(running.Parameters, (declared, actual) => (declared, actual))
            .Where(pair => given.ContainsKey(pair.declared))
            .ToDictionary(pair => (ISymbol)pair.actual, pair => given[pair.declared], SymbolEqualityComparer.Default);
    }

    private static Callee? Bind(Callee callee, Frame frame) => callee.Delegate is not { } parameter
        ? callee
        : frame.Functions.TryGetValue(parameter, out var function) ? function : null;

    private static TrainingNode Nothing(CallNode call) => new SequenceNode(ImmutableArray<TrainingNode>.Empty, call.Location);

    private static TrainingNode Opaque(CallNode call) => new TrainingEvent(TrainingEventKind.Opaque, target: null, call.Location);

    /// <summary>The methods on the way from the root, and the functions their parameters stand for.</summary>
    private sealed record Frame(ImmutableStack<MethodTrace> Running, ImmutableDictionary<ISymbol, Callee?> Functions)
    {
        public static ImmutableDictionary<ISymbol, Callee?> NoFunctions { get; } = ImmutableDictionary.Create<ISymbol, Callee?>(SymbolEqualityComparer.Default);

        public int Depth => Running.Count();

        public bool IsRunning(MethodTrace trace) => Running.Contains(trace);
    }
}
