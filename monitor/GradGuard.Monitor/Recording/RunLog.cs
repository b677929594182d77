using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GradGuard.Monitor.Recording;

/// <summary>
/// Writes a run directory. Alerts are handed to the system at once, with the records up to theirs, other records when <see cref="Flush"/> is called, so that a crash loses
/// at most those since. A failing disk ends the log, not the training.
/// </summary>
internal sealed class RunLog : IDisposable
{
    /// <summary>Version of the documents' shape.</summary>
    public const int Schema = 1;

    private const int LargestSuffix = 10_000;
    private readonly List<double?> _losses = [];
    private readonly List<(UpdateRecord Update, long Step)> _waiting = [];
    private readonly ArrayBufferWriter<byte> _alertLine = new();
    private readonly ArrayBufferWriter<byte> _recordLines = new();
    private readonly Utf8JsonWriter _writer;
    private readonly long _recordFileBytes;
    private FileStream _records;
    private readonly FileStream _alerts;
    private readonly Action<Exception> _failed;
    private long _lastStep;
    private bool _broken;

    private RunLog(string directory, long recordFileBytes, Action<Exception> failed)
    {
        Directory = directory;
        _recordFileBytes = recordFileBytes;
        _failed = failed;
        _records = Open(RecordFiles.Current);
        _alerts = Open("alerts.jsonl");
        _writer = new Utf8JsonWriter(_recordLines);
    }

    /// <summary>The directory written to.</summary>
    public string Directory { get; }

    /// <summary>Starts a run's log in <paramref name="directory"/>, or in the first free name after it when it holds a run.</summary>
    /// <param name="directory">Path, created when missing.</param>
    /// <param name="run">Contents of <c>run.json</c>.</param>
    /// <param name="recordFileBytes">Size from which a file of records is set aside.</param>
    /// <param name="failed">Told once when writing fails.</param>
    /// <returns>The log; null when it could not be started, and <paramref name="failed"/> was told.</returns>
    public static RunLog? Start(string directory, RunDocument run, long recordFileBytes, Action<Exception> failed)
    {
        try
        {
            var (claimed, header) = Claim(Path.TrimEndingDirectorySeparator(directory));
            using (header)
                JsonSerializer.Serialize(header, run, RunJson.Default.RunDocument);
            return new RunLog(claimed, recordFileBytes, failed);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            failed(fault);
            return null;
        }
    }

    /// <summary>
    /// Takes a step: a sampled one becomes a line, which waits for <see cref="Flush"/>; another one's loss and the updates read at it wait for the next line.
    /// </summary>
    public void Append(StepRecord record)
    {
        _losses.Add(record.Loss);
        _lastStep = record.Step;
        if (!record.Sampled)
        {
            for (var index = 0; index < record.Updates.Count; index++)
                _waiting.Add((record.Updates[index], record.Step - 1));
            return;
        }

        Guarded(record, static (log, record) =>
        {
            log.AppendLine(record);

            // The position is counted as lines are written, while the length is asked of the system.
            if (log._records.Position + log._recordLines.WrittenCount < log._recordFileBytes)
                return;
            log.WriteRecords();
            log.SetRecordsAside();
        });
        _losses.Clear();
        _waiting.Clear();
    }

    /// <summary>Bytes of the lines that wait for <see cref="Flush"/>.</summary>
    public int WaitingBytes => _recordLines.WrittenCount;

    /// <summary>Hands the lines that wait to the system.</summary>
    public void Flush() => Guarded(this, static (log, _) => log.WriteRecords());

    /// <summary>Takes an alert.</summary>
    public void Append(AlertDocument alert) => Guarded(alert, static (log, alert) =>
    {
        log._alertLine.ResetWrittenCount();
        JsonSerializer.Serialize(log.StartLine(log._alertLine), alert, RunJson.Default.AlertDocument);
        log.EndLine(log._alertLine);
        log.WriteRecords();
        log._alerts.Write(log._alertLine.WrittenSpan);
    });

    /// <summary>Writes <c>preflight.json</c>.</summary>
    public void Write(PreflightDocument preflight) => Guarded(
        preflight, static (log, preflight) => log.WriteWhole("preflight.json", preflight, RunJson.Default.PreflightDocument));

    /// <summary>Writes the losses and updates that wait for a line, then <c>summary.json</c>.</summary>
    public void Complete(SummaryDocument summary) => Guarded(summary, static (log, summary) =>
    {
        if (log._losses.Count > 0)
            log.AppendLine(new StepRecord { Step = log._lastStep });
        log.WriteRecords();
        log._losses.Clear();
        log._waiting.Clear();
        log.WriteWhole("summary.json", summary with { RecordFiles = RecordFiles.Of(log.Directory) }, RunJson.Default.SummaryDocument);
    });

    /// <inheritdoc/>
    public void Dispose() => Guarded(this, static (_, log) =>
    {
        log._writer.Dispose();
        log._records.Dispose();
        log._alerts.Dispose();
    });

    /// <summary>Creates <c>run.json</c> where there is none: of two runs that start at once, only one gets the name.</summary>
    private static (string Directory, FileStream Header) Claim(string directory)
    {
        for (var suffix = 1; suffix < LargestSuffix; suffix++)
        {
            var candidate = suffix == 1 ? directory : $"{directory}-{suffix}";
            System.IO.Directory.CreateDirectory(candidate);
            var path = Path.Combine(candidate, "run.json");
            if (File.Exists(path))
                continue;
            try
            {
                return (candidate, new FileStream(path, FileMode.CreateNew));
            }
            catch (IOException) when (File.Exists(path))
            {
                continue; // Another run took the name in between.
            }
        }

        throw new IOException($"'{directory}' and all of its names up to -{LargestSuffix - 1} hold a run already.");
    }

    /// <summary>Deletion is shared: on Windows that is what lets a file be renamed while somebody reads along.</summary>
    private FileStream Open(string name)
        => new(Path.Combine(Directory, name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private void SetRecordsAside()
    {
        _records.Dispose();
        File.Move(Path.Combine(Directory, RecordFiles.Current), Path.Combine(Directory, RecordFiles.Next(Directory)));
        _records = Open(RecordFiles.Current);
    }

    /// <summary>Writes a document whole or not at all.</summary>
    private void WriteWhole<T>(string name, T document, JsonTypeInfo<T> type)
    {
        var path = Path.Combine(Directory, name);
        using (var file = new FileStream(path + ".part", FileMode.Create))
            JsonSerializer.Serialize(file, document, type);
        File.Move(path + ".part", path, overwrite: true);
    }

    private void AppendLine(StepRecord record)
    {
        RecordLine.Write(StartLine(_recordLines), record, _losses, _waiting);
        EndLine(_recordLines);
    }

    private void WriteRecords()
    {
        if (WaitingBytes == 0)
            return;
        _records.Write(_recordLines.WrittenSpan);
        _recordLines.ResetWrittenCount();
    }

    private Utf8JsonWriter StartLine(ArrayBufferWriter<byte> lines)
    {
        _writer.Reset(lines);
        return _writer;
    }

    private void EndLine(ArrayBufferWriter<byte> lines)
    {
        _writer.Flush();
        lines.Write("\n"u8);
    }

    /// <summary>Runs what writes, until the first time that it fails.</summary>
    /// <param name="subject">What is written: handed on, as a closure over it would be an object more for every line.</param>
    /// <param name="write">Writes it.</param>
    private void Guarded<T>(T subject, Action<RunLog, T> write)
    {
        if (_broken)
            return;
        try
        {
            write(this, subject);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _broken = true;
            _failed(fault);
        }
    }
}
