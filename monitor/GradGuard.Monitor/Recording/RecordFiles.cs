using System.Globalization;

namespace GradGuard.Monitor.Recording;

/// <summary>The files that hold a run's records: those set aside, by number, and the one that is written to.</summary>
internal static class RecordFiles
{
    /// <summary>The file that is written to, the newest.</summary>
    public const string Current = "records.jsonl";

    /// <summary>Names of the files in a run directory, oldest first.</summary>
    public static IReadOnlyList<string> Of(string directory)
        => [.. Numbers(directory).Order().Select(Name), .. File.Exists(Path.Combine(directory, Current)) ? [Current] : Array.Empty<string>()];

    /// <summary>The name that the current file takes when it is set aside.</summary>
    public static string Next(string directory) => Name(Numbers(directory).DefaultIfEmpty().Max() + 1);

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"records.{number}.jsonl");

    private static IEnumerable<int> Numbers(string directory)
        => Directory.EnumerateFiles(directory, "records.*.jsonl").Select(static path => Path.GetFileName(path).Split('.'))
            .Where(static parts => parts.Length == 3)
            .Select(static parts => int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(static number => number > 0);
}
