using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>A piece of a method, reduced to what matters for training: events in order, and the branches, loops and scopes around them.</summary>
internal abstract class TrainingNode(Location location)
{
    public Location Location { get; } = location;

    /// <summary>What this consists of, in order.</summary>
    public virtual ImmutableArray<TrainingNode> Children => ImmutableArray<TrainingNode>.Empty;

    /// <summary>This and everything in it, in order.</summary>
    public ImmutableArray<TrainingNode> DescendantsAndSelf()
    {
        var nodes = ImmutableArray.CreateBuilder<TrainingNode>();
        AddTo(nodes);
        return nodes.ToImmutable();
    }

    private void AddTo(ImmutableArray<TrainingNode>.Builder nodes)
    {
        nodes.Add(this);
        foreach (var child in Children)
            child.AddTo(nodes);
    }
}

/// <summary>One after the other.</summary>
internal sealed class SequenceNode(ImmutableArray<TrainingNode> children, Location location) : TrainingNode(location)
{
    public override ImmutableArray<TrainingNode> Children { get; } = children;
}

/// <summary>A body that runs any number of times.</summary>
internal sealed class LoopNode(TrainingNode body, bool runsAtLeastOnce, Location location) : TrainingNode(location)
{
    public TrainingNode Body { get; } = body;

    public override ImmutableArray<TrainingNode> Children => [Body];

    /// <summary>True for <c>do … while</c> and <c>while (true)</c>.</summary>
    public bool RunsAtLeastOnce { get; } = runsAtLeastOnce;

    /// <summary>Where the loop begins, for a finding about all of it: its keyword.</summary>
    public required Location Keyword { get; init; }

    /// <summary>False for a function handed to code that may run it once or often.</summary>
    public bool Repeats { get; init; } = true;

    /// <summary>The same loop around another body.</summary>
    public LoopNode With(TrainingNode body) => new(body, RunsAtLeastOnce, Location) { Keyword = Keyword, Repeats = Repeats };
}

/// <summary>One of several; an alternative without events is an empty sequence.</summary>
internal sealed class BranchNode(ImmutableArray<TrainingNode> alternatives, Location location) : TrainingNode(location)
{
    public ImmutableArray<TrainingNode> Alternatives { get; } = alternatives;

    public override ImmutableArray<TrainingNode> Children => Alternatives;
}

/// <summary>What a <c>using</c> turns on until its end.</summary>
internal sealed class ScopeNode(ScopeKind kind, TrainingNode body, Location location) : TrainingNode(location)
{
    public ScopeKind Kind { get; } = kind;

    public TrainingNode Body { get; } = body;

    public override ImmutableArray<TrainingNode> Children => [Body];
}

internal enum ScopeKind
{
    /// <summary><c>no_grad()</c>, <c>inference_mode()</c>, <c>set_grad_enabled(false)</c>.</summary>
    NoGrad,

    /// <summary><c>enable_grad()</c>.</summary>
    EnableGrad,

    /// <summary>A grad mode chosen at run time.</summary>
    UnknownGradMode,

    /// <summary><c>NewDisposeScope()</c>.</summary>
    Dispose,
}

/// <summary>The body of a method that was called here; a return in it ends only itself.</summary>
internal sealed class MethodBodyNode(TrainingNode body, Location location) : TrainingNode(location)
{
    public TrainingNode Body { get; } = body;

    public override ImmutableArray<TrainingNode> Children => [Body];
}

/// <summary>Leaves the enclosing loop, iteration or method.</summary>
internal sealed class JumpNode(JumpKind kind, Location location) : TrainingNode(location)
{
    public JumpKind Kind { get; } = kind;
}

internal enum JumpKind
{
    Break,
    Continue,

    /// <summary><c>return</c> and <c>throw</c>.</summary>
    Return,
}

/// <summary>A call of a method or lambda whose own events belong here.</summary>
internal sealed class CallNode(Callee callee, Location location) : TrainingNode(location)
{
    public static IReadOnlyDictionary<ISymbol, Place?> NoArguments { get; } = new Dictionary<ISymbol, Place?>(SymbolEqualityComparer.Default);

    public static IReadOnlyDictionary<ISymbol, Callee> NoFunctions { get; } = new Dictionary<ISymbol, Callee>(SymbolEqualityComparer.Default);

    public Callee Callee { get; } = callee;

    /// <summary>The object the method is called on; null where it is not known or there is none.</summary>
    public Place? Receiver { get; init; }

    /// <summary>Parameter → the place its argument reads; null where that is computed.</summary>
    public IReadOnlyDictionary<ISymbol, Place?> Arguments { get; init; } = NoArguments;

    /// <summary>Parameter → the function its argument is.</summary>
    public IReadOnlyDictionary<ISymbol, Callee> Functions { get; init; } = NoFunctions;

    /// <summary>True where nothing that decides about gradients can be reached from the call's receiver or arguments.</summary>
    public bool IsHarmless { get; init; }

    /// <summary>This call as a caller of the surrounding method sees it.</summary>
    public CallNode Rebase(Place? receiver, IReadOnlyDictionary<ISymbol, Place?> arguments) => new(Callee, Location)
    {
        Receiver = Receiver?.Rebase(receiver, arguments),
        Arguments = Arguments.ToDictionary(pair => pair.Key, pair => pair.Value?.Rebase(receiver, arguments), SymbolEqualityComparer.Default),
        Functions = Functions,
        IsHarmless = IsHarmless,
    };
}

/// <summary>Who is called: a method, a lambda, or what a delegate parameter was given.</summary>
internal sealed class Callee
{
    public IMethodSymbol? Method { get; init; }

    public MethodTrace? Lambda { get; init; }

    public ISymbol? Delegate { get; init; }

    /// <summary>True where an override in a derived class may run instead.</summary>
    public bool IsVirtual { get; init; }
}
