using System.Text.Json.Serialization.Metadata;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Runs;

/// <summary>
/// A run that the monitor has written, or is writing. Records and alerts are read line by line each time they are asked for, so that a run of any
/// length takes the memory of one line.
/// </summary>
internal sealed class RunDirectory
{
    private const string HeaderFile = "run.json";
    private const string SummaryFile = "summary.json";
    private const string AlertsFile = "alerts.jsonl";
    private readonly IReadOnlyList<string> _recordFiles;
    private readonly SortedSet<string> _cutShort = new(StringComparer.Ordinal);

    private RunDirectory(string path, RunHeader header, RunSummary? summary)
    {
        Path = path;
        Header = header;
        Summary = summary;
        _recordFiles = RecordFiles.Of(path, summary?.RecordFiles);
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>What was trained and watched.</summary>
    public RunHeader Header { get; }

    /// <summary>What the run ended with; null for one that goes on or was killed.</summary>
    public RunSummary? Summary { get; }

    /// <summary>Names of files whose last line was cut while it was written, as far as they have been read.</summary>
    public IReadOnlyCollection<string> CutShort => _cutShort;

    /// <summary>Opens a run.</summary>
    /// <param name="path">Full path of its directory.</param>
    /// <exception cref="InputException">It is no run directory, or not of a version that is read here.</exception>
    public static RunDirectory Open(string path)
    {
        if (!Directory.Exists(path))
            throw new InputException(File.Exists(path) ? $"{path}: it is a file, not a run directory" : $"{path}: there is no such folder");
        var summary = System.IO.Path.Combine(path, SummaryFile);
        return new(
            path,
            RunFile.Read(System.IO.Path.Combine(path, HeaderFile), RunJson.Default.RunHeader),
            RunFile.Exists(summary) ? RunFile.Read(summary, RunJson.Default.RunSummary) : null);
    }

    /// <summary>True when a folder holds a file that only runs have: what is left of a damaged run is found, and told, too.</summary>
    public static bool Looks(string path) =>
        new[] { HeaderFile, AlertsFile, RecordFiles.Current }.Any(name => RunFile.Exists(System.IO.Path.Combine(path, name)));

    /// <summary>The records of all of its files, in rising order of their steps.</summary>
    /// <exception cref="InputException">A file cannot be read or a line is no record.</exception>
    public IEnumerable<RunRecord> Records()
    {
        var last = -1L;
        foreach (var file in _recordFiles)
        {
            // A file was set aside with its last line complete.
            foreach (var (line, record) in Lines(file, RunJson.Default.RunRecord, mayBeCut: file == _recordFiles[^1]))
            {
                if (record.Step <= last)
                    throw new InputException($"{file}, line {line}: step {record.Step} comes after step {last}");
                last = record.Step;
                yield return record;
            }
        }
    }

    /// <summary>The alerts, in the order in which they were raised.</summary>
    /// <exception cref="InputException">The file cannot be read or a line is no alert.</exception>
    public IEnumerable<RunAlert> Alerts() =>
        Lines(System.IO.Path.Combine(Path, AlertsFile), RunJson.Default.RunAlert, mayBeCut: true).Select(line => line.Value);

    private IEnumerable<(int Line, T Value)> Lines<T>(string file, JsonTypeInfo<T> type, bool mayBeCut)
        where T : class, IRunDocument
    {
        using var reader = new LineReader(file);
        while (Next(reader, file, type, mayBeCut) is { } value)
            yield return (reader.Number, value);
    }

    private T? Next<T>(LineReader reader, string file, JsonTypeInfo<T> type, bool mayBeCut)
        where T : class, IRunDocument
    {
        if (!reader.TryRead(out var line))
            return null;
        if (reader.IsTerminated || !mayBeCut || !JsonPrefix.IsStart(line))
            return RunFile.Parse($"{file}, line {reader.Number}", line, type);
        _cutShort.Add(System.IO.Path.GetFileName(file));
        return null;
    }
}
