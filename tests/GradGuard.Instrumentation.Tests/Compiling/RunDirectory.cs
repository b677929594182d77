using System.Text.Json;

namespace GradGuard.Instrumentation.Tests.Compiling;

/// <summary>Reads what a monitor wrote.</summary>
internal static class RunDirectory
{
    /// <summary>Paths of the layers in the first record.</summary>
    public static IReadOnlyList<string> Layers(string directory)
    {
        using var record = JsonDocument.Parse(File.ReadLines(Path.Combine(directory, "records.jsonl")).First());
        return [.. record.RootElement.GetProperty("layers").EnumerateArray().Select(static layer => layer.GetProperty("layer").GetString()!)];
    }

    /// <summary>run.json.</summary>
    public static JsonElement Run(string directory)
    {
        using var run = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "run.json")));
        return run.RootElement.Clone();
    }
}
