using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>
/// What one method, with everything it calls, does about training, in order. Rules ask it which events there are, what lies around and between
/// them, and which optimizer trains which module.
/// </summary>
internal sealed class TrainingOrder
{
    private readonly Lazy<OptimizerOrigins> _origins;

    private TrainingOrder(MethodTrace trace, TrainingNode root, TraceIndex index)
    {
        Trace = trace;
        Root = root;
        Index = index;
        Events = Flatten(root, ImmutableList<TrainingNode>.Empty).ToImmutableArray();
        _origins = new(() => new OptimizerOrigins(Events.Select(occurrence => occurrence.Event), index));
    }

    /// <summary>The method the calls were followed from.</summary>
    public MethodTrace Trace { get; }

    /// <summary>Its events, without calls.</summary>
    public TrainingNode Root { get; }

    /// <summary>What else can be seen.</summary>
    public TraceIndex Index { get; }

    /// <summary>Every event in the order of the source, with what lies around it.</summary>
    public ImmutableArray<Occurrence> Events { get; }

    /// <summary>Reads <paramref name="trace"/> and what it calls.</summary>
    public static TrainingOrder Of(MethodTrace trace, TraceIndex index) => new(trace, new Inliner(index).Inline(trace), index);

    /// <summary>The events of one kind, in order.</summary>
    public IEnumerable<Occurrence> OfKind(TrainingEventKind kind) => Events.Where(occurrence => occurrence.Event.Kind == kind);

    /// <summary>One step of each optimizer that is stepped.</summary>
    public IEnumerable<Occurrence> Optimizers =>
        OfKind(TrainingEventKind.OptimizerStep).Aggregate(ImmutableList<Occurrence>.Empty, (known, step) =>
            known.Any(other => SameOptimizer(other.Event, step.Event)) ? known : known.Add(step));

    /// <summary>True where both act on one optimizer; two that are not known count as one.</summary>
    public bool SameOptimizer(TrainingEvent first, TrainingEvent second) => Equals(first.Target, second.Target);

    /// <summary>The modules that the optimizer of <paramref name="step"/> trains, and whether these are all.</summary>
    public OptimizerOrigin OriginOf(TrainingEvent step) => _origins.Value.Of(step.Target);

    /// <summary>
    /// True where <paramref name="happening"/> (a zero_grad, a clip) acts on the parameters of the optimizer of <paramref name="step"/>, false where
    /// it acts on others, null where that is not known.
    /// </summary>
    public bool? ActsOn(TrainingEvent happening, TrainingEvent step) => _origins.Value.ActsOn(happening, step.Target);

    /// <summary>True where both places are known to hold modules that share nothing.</summary>
    public bool AreApart(Place first, Place second) => _origins.Value.AreDistinct(first, second) && !_origins.Value.Overlap(first, second);

    /// <summary>True where other code that can be seen calls this method: it is then judged in the light of its callers.</summary>
    public bool HasCallers => Trace.Method is { } method && Index.IsCalled(method);

    /// <summary>Where an event stands among the others.</summary>
    public int PositionOf(Occurrence occurrence) => Events.IndexOf(occurrence);

    /// <summary>Of several events the one nearest to another: inside most of what is around that, then by order.</summary>
    public Occurrence Nearest(IEnumerable<Occurrence> candidates, Occurrence to) => candidates
        .OrderByDescending(candidate => candidate.Around.Count(to.Around.Contains))
        .ThenBy(candidate => Math.Abs(PositionOf(candidate) - PositionOf(to)))
        .First();

    /// <summary>The innermost loop around both, null where there is none.</summary>
    public static LoopNode? CommonLoop(Occurrence first, Occurrence second) =>
        first.Around.OfType<LoopNode>().LastOrDefault(loop => loop.Repeats && second.Around.Contains(loop));

    private static IEnumerable<Occurrence> Flatten(TrainingNode node, ImmutableList<TrainingNode> around) => node is TrainingEvent happening
        ? [new Occurrence(happening, around)]
        : node.Children.SelectMany(child => Flatten(child, around.Add(node)));
}

/// <summary>An event and the loops, branches and scopes around it, outermost first.</summary>
internal sealed record Occurrence(TrainingEvent Event, ImmutableList<TrainingNode> Around)
{
    /// <summary>True where the innermost grad mode around the event is off.</summary>
    public bool IsUnderNoGrad => GradScope is { Kind: ScopeKind.NoGrad };

    /// <summary>The innermost scope that sets a grad mode; null where it is the caller's.</summary>
    public ScopeNode? GradScope => Around.OfType<ScopeNode>().LastOrDefault(scope => scope.Kind is not ScopeKind.Dispose);

    public Location Location => Event.Location;

    /// <summary>True where the event stands in the method itself, not in one that it calls.</summary>
    public bool IsWrittenHere => !Around.Any(node => node is MethodBodyNode);

    /// <summary>True inside a loop.</summary>
    public bool IsRepeated => Around.OfType<LoopNode>().Any(loop => loop.Repeats);

    public bool IsIn(TrainingNode node) => Around.Contains(node);

    /// <summary>True where no branch inside <paramref name="loop"/> decides whether the event happens.</summary>
    public bool IsUnconditionalIn(TrainingNode loop) => !Around.SkipWhile(node => node != loop).Any(node => node is BranchNode);
}
