namespace GradGuard.Analyzers.Training;

/// <summary>
/// Runs a small state machine over every path of a training loop: branches both ways, loops until nothing changes. States are the bits of a mask,
/// so that a rule can ask what may and what must hold when an event is reached.
/// </summary>
internal abstract class PathAnalysis
{
    private readonly Dictionary<TrainingEvent, uint> _before = [];

    /// <summary>The states in which <paramref name="happening"/> may be reached, 0 where it never is.</summary>
    public uint Before(TrainingEvent happening) => _before.TryGetValue(happening, out var states) ? states : 0;

    /// <summary>Runs over <paramref name="root"/> from the states <paramref name="entry"/>.</summary>
    protected void Run(TrainingNode root, uint entry) => Visit(root, entry);

    /// <summary>The state after <paramref name="happening"/> when <paramref name="state"/> (one bit) held before.</summary>
    protected abstract uint Next(uint state, TrainingEvent happening);

    private Flow Visit(TrainingNode node, uint states) => node switch
    {
        _ when states == 0 => default,
        TrainingEvent happening => new Flow(After(happening, states)),
        BranchNode branch => branch.Alternatives.Aggregate(default(Flow), (joined, alternative) => joined.Join(Visit(alternative, states))),
        LoopNode loop => VisitLoop(loop, states),
        MethodBodyNode method => VisitMethod(method, states),
        JumpNode { Kind: JumpKind.Break } => new Flow(0, Break: states),
        JumpNode { Kind: JumpKind.Continue } => new Flow(0, Continue: states),
        JumpNode => new Flow(0, Return: states),
        _ => VisitSequence(node, states),
    };

    private Flow VisitSequence(TrainingNode node, uint states)
    {
        var flow = new Flow(states);
        foreach (var child in node.Children)
            flow = (flow with { Next = 0 }).Join(Visit(child, flow.Next));
        return flow;
    }

    private Flow VisitLoop(LoopNode loop, uint states)
    {
        var start = states;
        while (true)
        {
            var flow = Visit(loop.Body, start);
            var end = flow.Next | flow.Continue;
            if ((start | end) == start)
                return new Flow((loop.RunsAtLeastOnce ? 0 : states) | end | flow.Break, Return: flow.Return);
            start |= end;
        }
    }

    private Flow VisitMethod(MethodBodyNode method, uint states)
    {
        var flow = Visit(method.Body, states);
        return new Flow(flow.Next | flow.Return);
    }

    private uint After(TrainingEvent happening, uint states)
    {
        _before[happening] = Before(happening) | states;
        var after = 0u;
        for (var state = 1u; state != 0 && state <= states; state <<= 1)
        {
            if ((states & state) != 0)
                after |= Next(state, happening);
        }

        return after;
    }

    /// <summary>States at the end of a node, and where it was left early.</summary>
    private readonly record struct Flow(uint Next, uint Break = 0, uint Continue = 0, uint Return = 0)
    {
        public Flow Join(Flow other) => new(Next | other.Next, Break | other.Break, Continue | other.Continue, Return | other.Return);
    }
}
