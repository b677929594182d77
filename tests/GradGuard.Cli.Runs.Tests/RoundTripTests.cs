using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GradGuard.Monitor;

namespace GradGuard.Cli.Runs.Tests;

/// <summary>What the real monitor writes is read back equal.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(1, 1, 1 << 20)]
    [InlineData(2, 1, 4096)]
    [InlineData(3, 7, 1 << 20)]
    [InlineData(4, null, 1 << 20)]
    public void AlertsSummaryLossesAndGradientsAreThoseOfTheTraining(int seed, int? every, int bytes)
    {
        var trained = new MonitoredTraining { Seed = seed, Options = Options(every, bytes) }.Train();
        var run = RunDirectory.Open(trained.Directory);

        Assert.NotEmpty(trained.Alerts);
        Assert.Equal(trained.Alerts.Select(Told), run.Alerts().Select(Told));
        Assert.Equal(
            (trained.Summary.Steps, trained.Summary.SampledSteps, trained.Summary.NotEvaluated.Count, trained.Summary.SkippedTensors),
            (run.Summary!.Steps, run.Summary.SampledSteps, run.Summary.NotEvaluated.Count, run.Summary.SkippedTensors));
        Assert.Equal(trained.Summary.AlertCounts, run.Summary.Alerts);

        var records = run.Records().ToList();
        Assert.Equal(trained.Losses.Select((loss, step) => ((long)step, (double?)loss)), records.SelectMany(record => record.LossesBySteps()));
        Assert.Equal(trained.Summary.SampledSteps, records.Count(record => record.IsSampled));
        foreach (var record in records.Where(record => record.IsSampled))
        {
            var norm = record.Parameters.Single(parameter => parameter.Name == "out.weight").GradientNorm!.Value;
            Assert.Equal(trained.OutputGradientNorms[(int)record.Step], norm, 1e-4 * norm);
        }

        Assert.Empty(run.CutShort);
    }

    [Fact]
    public void ARotatedRunReadsAsAnUndividedOne()
    {
        var (divided, whole) = (new MonitoredTraining { Options = Options(1, 4096) }.Train(), new MonitoredTraining { Options = Options(1, 1 << 20) }.Train());

        Assert.True(Directory.GetFiles(divided.Directory, "records.*.jsonl").Length > 3);
        Assert.Equal(Json(RunDirectory.Open(whole.Directory)), Json(RunDirectory.Open(divided.Directory)));
    }

    /// <summary>The reader's types hold every property that is written: written down again, a line is what it was.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void NothingThatIsWrittenIsLost(int every)
    {
        var trained = new MonitoredTraining { Options = Options(every, 4096) }.Train();
        var run = RunDirectory.Open(trained.Directory);

        var lines = run.Summary!.RecordFiles.SelectMany(file => File.ReadLines(Path.Combine(trained.Directory, file))).ToList();
        AssertSame(lines, run.Records().Select(record => JsonSerializer.SerializeToNode(record, Written.RunRecord)));
        AssertSame(File.ReadLines(Path.Combine(trained.Directory, "alerts.jsonl")), run.Alerts().Select(alert => JsonSerializer.SerializeToNode(alert, Written.RunAlert)));
        AssertSame([File.ReadAllText(Path.Combine(trained.Directory, "run.json"))], [JsonSerializer.SerializeToNode(run.Header, Written.RunHeader)]);
        AssertSame([File.ReadAllText(Path.Combine(trained.Directory, "summary.json"))], [JsonSerializer.SerializeToNode(run.Summary, Written.RunSummary)]);
    }

    [Fact]
    public void AResumedRunGoesOnInADirectoryOfItsOwnAtItsStep()
    {
        var first = new MonitoredTraining { Steps = 25, Options = Options(4, 1 << 20) }.Train();
        var second = new MonitoredTraining { Steps = 15, From = first.State, Options = Options(4, 1 << 20) }.Train();

        var runs = RunSearch.Of(_root);

        Assert.Equal([first.Directory, second.Directory], runs.Select(run => run.Path));
        var steps = runs.SelectMany(run => run.Records()).SelectMany(record => record.LossesBySteps()).ToList();
        Assert.Equal(Enumerable.Range(0, 40).Select(step => (long)step), steps.Select(step => step.Step));
        Assert.Equal(first.Losses.Concat(second.Losses), steps.Select(step => step.Loss!.Value));
        Assert.Equal((25, 40), (runs[0].Summary!.Steps, runs[1].Summary!.Steps));
    }

    [Fact]
    public void ALossThatIsNoNumberIsReadAsIs()
    {
        var trained = new MonitoredTraining { Options = Options(1, 1 << 20), Loss = (step, loss) => step == 9 ? loss * double.NaN : loss }.Train();

        var losses = RunDirectory.Open(trained.Directory).Records().SelectMany(record => record.LossesBySteps()).ToList();

        Assert.True(double.IsFinite(losses[8].Loss!.Value));
        Assert.True(double.IsNaN(losses[9].Loss!.Value));
    }

    /// <summary>A kill is a file that ends anywhere: what was complete is read, and that the rest is missing is known.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(57)]
    [InlineData(300)]
    public void ARunThatWasKilledIsReadUpToTheLineItWasIn(int lost)
    {
        var trained = new MonitoredTraining { Options = Options(1, 1 << 20) }.Train();
        var records = Path.Combine(trained.Directory, "records.jsonl");
        File.Delete(Path.Combine(trained.Directory, "summary.json"));
        using (var file = File.OpenWrite(records))
            file.SetLength(file.Length - lost);

        var run = RunDirectory.Open(trained.Directory);

        // Without its line break alone, the last line is still whole.
        Assert.Equal(lost == 1 ? 40 : 39, run.Records().Count());
        Assert.Equal(lost == 1 ? [] : ["records.jsonl"], run.CutShort);
        Assert.Null(run.Summary);
    }

    [Fact]
    public void ARunCanBeReadWhileItIsWritten()
    {
        var seen = 0;
        var directory = Path.Combine(_root, "run");
        new MonitoredTraining
        {
            // Where an alert stops the run, no reading waits for others.
            Options = new() { RunDirectory = directory, SampleEvery = 1, OnAlert = AlertAction.Stop },
            Loss = (step, loss) =>
            {
                if (step == 20)
                    seen = RunDirectory.Open(directory).Records().Count();
                return loss;
            },
        }.Train();

        Assert.Equal(20, seen);
    }

    private static RunJson Written { get; } = new(new(RunJson.Default.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    private GradientMonitorOptions Options(int? every, int bytes) => new() { RunDirectory = Path.Combine(_root, "run"), SampleEvery = every, RecordFileBytes = bytes };

    private static string Json(RunDirectory run) => JsonSerializer.Serialize(run.Records().ToList());

    private static string Told(Alert alert) => $"{alert} {alert.Advice} {string.Join(' ', alert.Evidence.OrderBy(entry => entry.Key))}";

    private static string Told(RunAlert alert)
    {
        var layer = alert.Layer.Length == 0 ? "model" : alert.Layer;
        return $"{alert.Id} {alert.Severity} at {layer}, step {alert.Step}: {alert.Message}. {alert.Advice} {string.Join(' ', alert.Evidence.OrderBy(entry => entry.Key))}";
    }

    private static void AssertSame(IEnumerable<string> written, IEnumerable<JsonNode?> read)
    {
        var (before, after) = (written.Select(line => JsonNode.Parse(line)).ToList(), read.ToList());
        Assert.NotEmpty(before);
        Assert.Equal(before.Count, after.Count);
        foreach (var (one, other) in before.Zip(after))
            Assert.True(JsonNode.DeepEquals(one, other), $"{one}\n{other}");
    }
}
