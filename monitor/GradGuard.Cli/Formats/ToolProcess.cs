using System.Diagnostics;

namespace GradGuard.Cli.Formats;

/// <summary>What this run of the tool has used up to now.</summary>
internal static class ToolProcess
{
    /// <summary>On all cores together.</summary>
    public static TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    /// <summary>The most memory that was resident at once.</summary>
    public static double PeakMemoryMiB
    {
        get
        {
            using var self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64 / (1024.0 * 1024.0);
        }
    }
}
