using System.Text.Json;
using GradGuard.Cli.Checking;

namespace GradGuard.Cli.Formats.Checks;

/// <summary>Everything that is known about a verdict, as one JSON object.</summary>
internal sealed class CheckJson
{
    public void Write(Verdict verdict, TextWriter writer) => writer.WriteLine(JsonSerializer.Serialize(
        new
        {
            Tool = ToolInfo.Name,
            ToolInfo.Version,
            verdict.Policy,
            verdict.Fails,
            Runs = verdict.Runs.Select(run => new
            {
                run.Run,
                run.Model,
                run.Started,
                run.Steps,
                run.Fails,
                run.Checks,
                run.Notes,
            }),
        },
        Json.Options));
}
