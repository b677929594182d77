namespace GradGuard.Analyzers.Graph;

/// <summary>
/// Where in the flow of control a value is made: inside which calls, alternatives, loops and grad modes. Compared by reference: the two sides of a
/// branch, and two calls of one method, are scopes of their own.
/// </summary>
internal sealed class ControlScope(ControlKind kind, ControlScope? parent)
{
    public ControlKind Kind { get; } = kind;

    /// <summary>The scope around this one; null for the method that the graph was built from.</summary>
    public ControlScope? Parent { get; } = parent;

    /// <summary>For a <see cref="ControlKind.Loop"/>: false where its body always ends in a jump out of it. Set when the body has been read.</summary>
    public bool Repeats { get; set; } = true;

    /// <summary>True where values are made without a graph: under <c>no_grad</c>, <c>inference_mode</c>, or a mode chosen at run time.</summary>
    public bool IsGradientOff => AndAround.FirstOrDefault(scope => scope.Kind is ControlKind.GradientsOff or ControlKind.GradientsOn) is { Kind: ControlKind.GradientsOff };

    /// <summary>The innermost loop around, where nothing inside it decides whether it is reached; null where there is none.</summary>
    public ControlScope? UnconditionalLoop => AndAround.FirstOrDefault(scope => scope.Kind is not (ControlKind.GradientsOff or ControlKind.GradientsOn)) is { Kind: ControlKind.Loop } loop
        ? loop
        : null;

    /// <summary>True where each pass of <paramref name="loop"/> comes by here once: no other loop and no branch lies between.</summary>
    public bool IsInEachPassOf(ControlScope loop) => loop is { Kind: ControlKind.Loop, Repeats: true } && IsWithin(loop)
        && !AndAround.TakeWhile(scope => scope != loop).Any(scope => scope.Kind is ControlKind.Loop or ControlKind.Iteration or ControlKind.Alternative);

    private IEnumerable<ControlScope> AndAround
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Parent)
                yield return scope;
        }
    }

    /// <summary>True for <paramref name="other"/> itself and for everything inside it.</summary>
    public bool IsWithin(ControlScope other) => AndAround.Contains(other);
}

internal enum ControlKind
{
    /// <summary>The body of a method; at the root the one that the graph was built from.</summary>
    Call,

    /// <summary>One side of a branch whose condition is not known.</summary>
    Alternative,

    /// <summary>The body of a loop, read once for all its iterations.</summary>
    Loop,

    /// <summary>One iteration of a loop that is read iteration by iteration.</summary>
    Iteration,
    GradientsOff,
    GradientsOn,
}
