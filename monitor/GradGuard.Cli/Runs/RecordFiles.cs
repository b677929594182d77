using System.Globalization;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Runs;

/// <summary>The files that hold a run's records: those set aside, by number, and the newest.</summary>
internal static class RecordFiles
{
    /// <summary>The newest.</summary>
    public const string Current = "records.jsonl";

    /// <summary>Full paths, oldest first.</summary>
    /// <param name="directory">Of the run.</param>
    /// <param name="named">The files that the run's summary names; null without one.</param>
    /// <exception cref="InputException">One that must have been there is missing.</exception>
    public static IReadOnlyList<string> Of(string directory, IReadOnlyList<string>? named)
    {
        var last = Numbers(directory).DefaultIfEmpty().Max();
        var names = Enumerable.Range(1, last).Select(Name).Append(Current);
        return [.. names.Union(named ?? []).Select(name => Existing(Path.Combine(directory, name)))];
    }

    private static string Existing(string path) => RunFile.Exists(path) ? path : throw new InputException($"{path}: it is missing");

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"records.{number}.jsonl");

    private static IEnumerable<int> Numbers(string directory) =>
        Directory.EnumerateFileSystemEntries(directory, "records.*.jsonl").Select(path => Path.GetFileName(path).Split('.'))
            .Where(parts => parts.Length == 3)
            .Select(parts => int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
}
