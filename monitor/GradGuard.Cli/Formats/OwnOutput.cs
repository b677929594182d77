using System.Text.Json;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Formats;

/// <summary>A file that takes what a command would write to standard output: <c>--output FILE</c>.</summary>
internal static class OwnOutput
{
    private const string Option = "--output";

    /// <summary>Stands in the head of every page.</summary>
    public const string PageMark = """<meta name="generator" content="gradguard">""";

    /// <summary>Says no before any work is done.</summary>
    /// <exception cref="InputException">The path cannot be written to, or holds something that cannot be told to be the tool's own.</exception>
    public static void RefuseOthers(string path) => OwnFile.RefuseOthers(Option, path, "known for one that gradguard wrote", IsOwn);

    /// <summary>Writes in one go.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, string text) => OwnFile.Write(Option, path, text);

    private static bool IsOwn(string path)
    {
        var text = File.ReadAllText(path);
        return text.Contains(PageMark, StringComparison.Ordinal) || IsOwnJson(text);
    }

    private static bool IsOwnJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && (Says(root, "tool") || (root.TryGetProperty("runs", out var runs) && AreOwn(runs)));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool AreOwn(JsonElement runs) => runs.ValueKind == JsonValueKind.Array && runs.GetArrayLength() > 0 && runs.EnumerateArray().All(run =>
        run.ValueKind == JsonValueKind.Object && run.TryGetProperty("tool", out var tool)
        && tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("driver", out var driver)
        && driver.ValueKind == JsonValueKind.Object && Says(driver, "name"));

    private static bool Says(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(ToolInfo.Name);
}
