using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>Documents for a log that is written without a monitor.</summary>
internal static class RunDocuments
{
    public static RunDocument Header { get; } = new(
        RunLog.Schema, DateTimeOffset.UnixEpoch, "Model", [], [], new(0.05, null, "Log", 0, 0, [], new Dictionary<string, double>()), new("", "", ""));

    public static SummaryDocument Summary { get; } = new(
        RunLog.Schema, 0, 0, 0, 0, 0, new Dictionary<string, int>(), [], new(0, 0, 0, []), 0);
}
