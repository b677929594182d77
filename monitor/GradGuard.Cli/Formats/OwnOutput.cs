using System.Text.Json;
using GradGuard.Cli.Input;
using Spectre.Console;

namespace GradGuard.Cli.Formats;

/// <summary>A file that takes what a command would write to standard output: <c>--output FILE</c>.</summary>
internal static class OwnOutput
{
    private const string Option = "--output";

    /// <summary>Stands in the head of every page.</summary>
    public const string PageMark = """<meta name="generator" content="gradguard">""";

    /// <summary>Name of every test report, and how it begins.</summary>
    public const string ReportName = "gradguard check";

    private const string ReportMark = $"<testsuites name=\"{ReportName}\"";

    /// <summary>Says no before any work is done.</summary>
    /// <exception cref="InputException">The path cannot be written to, or holds something that cannot be told to be the tool's own.</exception>
    public static void RefuseOthers(string path) => OwnFile.RefuseOthers(Option, path, "known for one that gradguard wrote", IsOwn);

    /// <summary>Writes in one go.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, string text) => OwnFile.Write(Option, path, text);

    /// <summary>Writes in one go what a console would show if it were a file: without colours.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, Action<IAnsiConsole> show)
    {
        var text = new StringWriter();
        show(AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) }));
        Write(path, text.ToString());
    }

    private static bool IsOwn(string path)
    {
        var text = File.ReadAllText(path);
        return text.Contains(PageMark, StringComparison.Ordinal) || text.StartsWith(ReportMark, StringComparison.Ordinal) || IsOwnJson(text);
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
