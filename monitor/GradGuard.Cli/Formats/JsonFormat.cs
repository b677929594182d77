using System.Text.Json;
using GradGuard.Cli.Analysis;

namespace GradGuard.Cli.Formats;

/// <summary>Everything that is known about an analysis, as one JSON object.</summary>
internal sealed class JsonFormat
{
    public void Write(AnalysisResult result, TextWriter writer) => writer.WriteLine(JsonSerializer.Serialize(
        new
        {
            Tool = ToolInfo.Name,
            ToolInfo.Version,
            Summary = new
            {
                Errors = result.Count(Severity.Error),
                Warnings = result.Count(Severity.Warning),
                Infos = result.Count(Severity.Info),
                result.Accepted,
                result.Files,
                Compilations = result.Units,
                UnresolvedNames = result.UnresolvedNames.Values.Sum(),
                Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
            },
            result.Findings,
            UnresolvedNames = result.UnresolvedNames.OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal)
                .Select(name => new { Name = name.Key, Uses = name.Value }),
            result.Skipped,
            Process = new
            {
                ProcessorSeconds = Math.Round(ToolProcess.ProcessorTime.TotalSeconds, 3),
                PeakMemoryMiB = Math.Round(ToolProcess.PeakMemoryMiB, 1),
            },
            Timings = result.Timings.Select(timing => new { timing.What, Milliseconds = Math.Round(timing.Time.TotalMilliseconds, 1) }),
        },
        Json.Options));
}
