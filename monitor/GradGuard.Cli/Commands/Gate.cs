using GradGuard.Cli.Analysis;

namespace GradGuard.Cli.Commands;

/// <summary>What findings a command fails on.</summary>
internal enum Gate
{
    Warning,
    Info,
    None,
}

internal static class Gates
{
    /// <summary>The exit code for these findings.</summary>
    public static int ExitCodeFor(this Gate gate, IEnumerable<Finding> findings) => gate switch
    {
        Gate.None => ExitCode.Clean,
        Gate.Info => findings.Any() ? ExitCode.OverTheGate : ExitCode.Clean,
        _ => findings.Any(finding => finding.Severity >= Severity.Warning) ? ExitCode.OverTheGate : ExitCode.Clean,
    };
}
