using System.Text.Json;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Tests.Training;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>Long runs set their records aside in files of a bounded size.</summary>
public sealed class RotationTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void TheFilesTogetherHoldEveryStepInOrder()
    {
        var directory = Train(bytes: 4096, steps: 60);
        var files = RecordFiles.Of(directory);
        Assert.True(files.Count > 3, string.Join(' ', files));
        Assert.Equal("records.1.jsonl", files[0]);
        Assert.Equal("records.jsonl", files[^1]);
        Assert.Equal(Enumerable.Range(0, 60).Select(static step => (long)step), Steps(directory, files));

        // A file is set aside with the line that filled it: no longer than that line over its bound.
        Assert.All(files, file => Assert.InRange(new FileInfo(Path.Combine(directory, file)).Length, 0, 4096 + 4096));
    }

    [Fact]
    public void TheSummaryNamesTheFiles()
    {
        var directory = Train(bytes: 4096, steps: 60);
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "summary.json")));
        Assert.Equal(RecordFiles.Of(directory), summary.RootElement.GetProperty("recordFiles").EnumerateArray().Select(static file => file.GetString()!));
    }

    [Fact]
    public void TenFilesAreInTheOrderOfTheirNumbers()
    {
        foreach (var name in new[] { "records.10.jsonl", "records.9.jsonl", "records.jsonl", "records.x.jsonl", "records.0.jsonl", "records.1.2.jsonl" })
            File.WriteAllText(Path.Combine(_root, name), "");
        Assert.Equal(["records.9.jsonl", "records.10.jsonl", "records.jsonl"], RecordFiles.Of(_root));
        Assert.Equal("records.11.jsonl", RecordFiles.Next(_root));
    }

    [Fact]
    public void AShortRunIsOneFile() => Assert.Equal(["records.jsonl"], RecordFiles.Of(Train(bytes: 1 << 20, steps: 20)));

    [Fact]
    public void WhatTheFileHeldBeforeTheRunCounts()
    {
        Directory.CreateDirectory(Path.Combine(_root, "run"));
        File.WriteAllText(Path.Combine(_root, "run", "records.jsonl"), new string('\n', 1 << 16));
        var directory = Train(bytes: 1 << 16, steps: 1);
        Assert.Equal(["records.1.jsonl", "records.jsonl"], RecordFiles.Of(directory));
        Assert.Equal(0, new FileInfo(Path.Combine(directory, "records.jsonl")).Length);
    }

    private string Train(long bytes, int steps)
    {
        var directory = Path.Combine(_root, "run");
        new TrainingRun { Steps = steps, Options = new() { RunDirectory = directory, SampleEvery = 1, RecordFileBytes = bytes } }.Train(Models.Mlp);
        return directory;
    }

    private static IEnumerable<long> Steps(string directory, IEnumerable<string> files)
        => files.SelectMany(file => File.ReadLines(Path.Combine(directory, file)))
            .Select(static line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("step").GetInt64());
}
