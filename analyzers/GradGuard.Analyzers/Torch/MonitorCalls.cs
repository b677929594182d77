using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Torch;

/// <summary>The calls of <c>GradGuard.Monitor.GradientMonitor</c>, told by symbol and assembly.</summary>
internal static class MonitorCalls
{
    /// <summary>The assembly that declares it.</summary>
    public const string AssemblyName = "GradGuard.Monitor";

    /// <summary>What <paramref name="method"/> does to a monitor; null for a method of anything else.</summary>
    public static MonitorCallKind? Of(IMethodSymbol method) =>
        method.ContainingType is { Name: "GradientMonitor", ContainingAssembly.Name: AssemblyName } type && type.ContainingNamespace.ToDisplayString() == AssemblyName
            ? method.Name switch
            {
                "Attach" => MonitorCallKind.Attach,
                "Observe" => MonitorCallKind.Observe,
                "Complete" or "Dispose" => MonitorCallKind.Complete,
                _ => MonitorCallKind.Read,
            }
            : null;
}

internal enum MonitorCallKind
{
    Attach,
    Observe,

    /// <summary><c>Complete()</c>, <c>Dispose()</c>: the end of the run.</summary>
    Complete,

    /// <summary>Alerts, summaries and settings: nothing that the run depends on.</summary>
    Read,
}
