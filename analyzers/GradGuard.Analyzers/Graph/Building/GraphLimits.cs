namespace GradGuard.Analyzers.Graph.Building;

/// <summary>
/// Bounds that keep a build linear in the size of the code. Past one of them a value becomes Unknown with a reason. They are far above what
/// hand-written models need.
/// </summary>
internal static class GraphLimits
{
    /// <summary>Iterations of one loop that are evaluated one by one.</summary>
    public const int UnrolledIterations = 256;

    /// <summary>Calls inlined into one another.</summary>
    public const int InliningDepth = 24;

    /// <summary>Nesting of operations followed, so that generated expressions of absurd depth do not exhaust the stack.</summary>
    public const int OperationDepth = 400;

    /// <summary>Operations evaluated for one graph, repeated evaluations of a loop or helper counted.</summary>
    public const int EvaluatedOperations = 100_000;

    /// <summary>Depth to which two values are compared for being the same expression.</summary>
    public const int ComparedDepth = 8;
}
