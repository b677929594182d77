using System.Text.Json;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>What lies in a run directory, and what writing it never does.</summary>
public sealed class RunDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void HoldsRunRecordsAlertsAndSummary()
    {
        var directory = Train("run", SampleEvery: 5);

        using var run = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "run.json")));
        Assert.Contains("Sequential", run.RootElement.GetProperty("model").GetString(), StringComparison.Ordinal);
        Assert.Equal(["", "fc1", "act1", "out"], run.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("path").GetString()));

        var records = Lines(directory, "records.jsonl");
        Assert.Equal([0, 5, 10, 15, 20, 25, 29], records.Select(record => record.GetProperty("step").GetInt64()));
        Assert.Equal(30, records.Sum(record => record.GetProperty("losses").GetArrayLength()));
        Assert.Equal(4, records[0].GetProperty("parameters").GetArrayLength());
        Assert.True(records[0].GetProperty("parameters")[0].GetProperty("gradientNorm").GetDouble() > 0);

        var alert = Assert.Single(Lines(directory, "alerts.jsonl"));
        Assert.Equal("GG9005", alert.GetProperty("id").GetString());
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "summary.json")));
        Assert.Equal(1, summary.RootElement.GetProperty("alerts").GetProperty("GG9005").GetInt32());
        Assert.Equal(30, summary.RootElement.GetProperty("steps").GetInt64());
    }

    [Fact]
    public void AnUpdateThatWasReadBetweenTwoLinesStandsInTheNextWithItsStep()
    {
        var records = Lines(Train("run", SampleEvery: 5), "records.jsonl");

        Assert.Empty(Updates(records[0]));
        Assert.All(records.Zip(records.Skip(1)), static pair =>
        {
            Assert.Equal(["fc1.weight", "fc1.bias", "out.weight", "out.bias"], Updates(pair.Second).Select(static update => update.GetProperty("name").GetString()));
            Assert.All(Updates(pair.Second), update => Assert.Equal(pair.First.GetProperty("step").GetInt64(), update.GetProperty("step").GetInt64()));
        });
    }

    [Fact]
    public void AnUpdateByTheStepBeforeTheLinesNamesNoStep()
        => Assert.All(
            Lines(Train("run", SampleEvery: 1), "records.jsonl").Skip(1),
            static record => Assert.All(Updates(record), static update => Assert.False(update.TryGetProperty("step", out _))));

    [Fact]
    public void TheSameSeedWritesTheSameRecords()
        => Assert.Equal(
            File.ReadAllText(Path.Combine(Train("one", SampleEvery: 3), "records.jsonl")),
            File.ReadAllText(Path.Combine(Train("two", SampleEvery: 3), "records.jsonl")));

    [Fact]
    public void ARunIsNeverOverwritten()
    {
        var first = Train("run", SampleEvery: 5);
        var before = File.ReadAllText(Path.Combine(first, "records.jsonl"));
        Assert.Equal(first + "-2", Train("run", SampleEvery: 5));
        Assert.Equal(first + "-3", Train("run", SampleEvery: 5));
        Assert.Equal(before, File.ReadAllText(Path.Combine(first, "records.jsonl")));
    }

    [Fact]
    public void ADirectoryThatCannotBeWrittenIsReportedOnceAndTrainingGoesOn()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { RunDirectory = Path.Combine(file, "run") });
        using var loss = TorchSharp.torch.ones(1);
        for (var step = 0; step < 3; step++)
            monitor.Observe(loss);
        Assert.Equal("GG9013", Assert.Single(monitor.Alerts).Id);
        Assert.Null(monitor.RunDirectory);
    }

    [Fact]
    public void ADiskThatFailsMidwayIsReportedOnce()
    {
        // Every write to this device fails as on a full disk.
        if (!OperatingSystem.IsLinux())
            return;
        var directory = Directory.CreateDirectory(Path.Combine(_root, "full")).FullName;
        File.CreateSymbolicLink(Path.Combine(directory, "records.jsonl"), "/dev/full");
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { RunDirectory = directory, SampleEvery = 1 });
        using var loss = TorchSharp.torch.ones(1);
        for (var step = 0; step < 3; step++)
            monitor.Observe(loss);
        monitor.Complete();
        Assert.Equal("GG9013", Assert.Single(monitor.Alerts).Id);
    }

    [Fact]
    public void ADiskThatFailsAtTheLastLineIsToldOfOnceAndTheRunIsCutShort()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var directory = Directory.CreateDirectory(Path.Combine(_root, "full")).FullName;
        File.CreateSymbolicLink(Path.Combine(directory, "records.jsonl"), "/dev/full");
        var faults = new List<Exception>();
        using (var log = RunLog.Start(directory, RunDocuments.Header, long.MaxValue, faults.Add)!)
        {
            log.Append(new StepRecord { Step = 0, Loss = 1 });
            log.Complete(RunDocuments.Summary);
        }

        Assert.IsType<IOException>(Assert.Single(faults), exactMatch: false);
        Assert.False(File.Exists(Path.Combine(directory, "summary.json")));
    }

    private string Train(string name, int SampleEvery)
    {
        var options = new GradientMonitorOptions { RunDirectory = Path.Combine(_root, name), SampleEvery = SampleEvery };
        var before = Directory.GetDirectories(_root).ToHashSet();
        new TrainingRun { Steps = 30, Options = options }.Train(
            () => Models.Deep(1, 16, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 50)));
        return Directory.GetDirectories(_root).Single(directory => !before.Contains(directory));
    }

    private static List<JsonElement> Updates(JsonElement record) => [.. record.GetProperty("updates").EnumerateArray()];

    private static List<JsonElement> Lines(string directory, string file)
        => [.. File.ReadLines(Path.Combine(directory, file)).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
}
