using System.Text.Json;
using GradGuard.Cli.Formats;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Baselines;

/// <summary>A baseline on disk: JSON, sorted, one entry a finding, so that a review shows what was accepted.</summary>
internal static class BaselineFile
{
    private const string Kind = "gradguard-baseline";
    private const int Version = 1;
    private const string Option = "--write-baseline";

    /// <summary>Reads a baseline.</summary>
    /// <exception cref="InputException">It is missing, cannot be read, or is something else.</exception>
    public static Baseline Read(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"--baseline {path}: there is no such file");
        var document = TryParse(path) ?? throw new InputException($"--baseline {path}: it is not a baseline of gradguard");
        return document.Version == Version
            ? new(document.Findings.GroupBy(entry => new BaselineKey(entry.Rule, entry.Symbol, entry.Context)).ToDictionary(same => same.Key, same => (int)Math.Min(int.MaxValue, same.Sum(entry => (long)entry.Count))))
            : throw new InputException($"--baseline {path}: it has version {document.Version}, and this gradguard reads version {Version}");
    }

    /// <summary>Writes a baseline, in one go.</summary>
    /// <exception cref="InputException">The path holds something that is not a baseline: it is left alone.</exception>
    public static void Write(string path, Baseline baseline)
    {
        RefuseOthers(path);
        var entries = baseline.Entries
            .OrderBy(entry => entry.Key.Rule, StringComparer.Ordinal).ThenBy(entry => entry.Key.Symbol, StringComparer.Ordinal).ThenBy(entry => entry.Key.Context, StringComparer.Ordinal)
            .Select(entry => new Entry(entry.Key.Rule, entry.Key.Symbol, entry.Key.Context, entry.Value));
        OwnFile.Write(Option, path, JsonSerializer.Serialize(new Document(Kind, Version, [.. entries]), Json.Options) + "\n");
    }

    /// <summary>Says no before any work is done.</summary>
    /// <exception cref="InputException">The path cannot be written to, or holds something that is not a baseline.</exception>
    public static void RefuseOthers(string path) => OwnFile.RefuseOthers(Option, path, "a baseline of gradguard", existing => TryParse(existing) is not null);

    private static Document? TryParse(string path)
    {
        try
        {
            var document = JsonSerializer.Deserialize<Document>(File.ReadAllText(path), Json.Options);
            var isComplete = document is { Kind: Kind, Findings: not null }
                && document.Findings.All(entry => entry is { Rule: not null, Symbol: not null, Context: not null, Count: > 0 });
            return isComplete ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Document(string Kind, int Version, IReadOnlyList<Entry> Findings);

    private sealed record Entry(string Rule, string Symbol, string Context, int Count);
}
