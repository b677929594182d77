using System.Text.Json;
using GradGuard.Monitor.Sampling;
using GradGuard.Monitor.Tests.Sampling;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>Readings of steps in a row are judged several at a time; what is told and written is the same.</summary>
public sealed class WaitingReadingTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-waiting-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AlertsAndRecordsAreThoseOfReadingsJudgedAtOnce(int seed)
    {
        var waiting = Train("waiting", seed, atOnce: false);
        var atOnce = Train("at-once", seed, atOnce: true);
        Assert.NotEmpty(atOnce.Alerts);
        Assert.Equal(atOnce.Alerts, waiting.Alerts);
        Assert.Equal(atOnce.Records, waiting.Records);
        Assert.Equal(75, waiting.Records.Length);
    }

    [Fact]
    public void TheyAreHandedToTheSystemByTheEndOfEachRoundOfThirtyTwo()
    {
        var lines = new List<int>();
        Watch("run", _ => 20, steps: 96, step => lines.Add(LinesOf("run")));
        Assert.Equal(Enumerable.Range(1, 16), lines.Take(16));
        Assert.Equal([16, 32, 64, 96], lines.Skip(16).Distinct());
    }

    [Fact]
    public void OfVeryShortStepsOnceInATenthOfASecondOrWhenTheyAreMany()
    {
        var lines = new List<int>();
        Watch("run", _ => 1, steps: 400, step => lines.Add(LinesOf("run")));
        var bytes = File.ReadAllLines(Path.Combine(_root, "run", "records.jsonl")).Select(static line => line.Length + 1).ToList();
        Assert.Equal(400, bytes.Count);
        var writes = lines.Skip(16).Distinct().ToList();
        Assert.True(writes.Count >= 3);
        foreach (var (before, after) in writes.Zip(writes.Skip(1)))
        {
            Assert.Equal(0, after % 32);
            Assert.True(after - before >= 100 || bytes[before..after].Sum() >= 64 * 1024);
            Assert.True(after - before < 100 + 32 && bytes[before..(after - 32)].Sum() < 64 * 1024);
        }
    }

    [Fact]
    public void AnAlertIsWrittenBehindTheRecordsUpToItsOwn()
    {
        var (lines, alerts) = (new List<int>(), new List<int>());
        Watch("run", static _ => 1, steps: 75, After, spoil: static (step, model) =>
        {
            using var scope = no_grad();
            if (step >= 40)
                model.get_parameter("2.weight")!.mul_(1.5);
        });
        var raised = alerts.FindIndex(static count => count > 0);
        Assert.True(raised > 40);
        var first = File.ReadLines(Path.Combine(_root, "run", "alerts.jsonl")).First();
        Assert.True(lines[raised] > JsonDocument.Parse(first).RootElement.GetProperty("step").GetInt32());

        void After(int step)
        {
            lines.Add(LinesOf("run"));
            alerts.Add(File.ReadAllLines(Path.Combine(_root, "run", "alerts.jsonl")).Length);
        }
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(1, true)]
    public void WhatIsReadAtAFixedIntervalDependsOnNoClockAndOnNobodyWhoAsks(long milliseconds, bool asks)
    {
        // Saturated from step 26 on: a sign that something is wrong.
        static void Saturate(int step, nn.Module<Tensor, Tensor> model)
        {
            using var scope = no_grad();
            if (step == 26)
                model.get_parameter("0.weight")!.mul_(60);
        }

        var held = 0;
        GradientMonitor? watching = null;
        Watch("alone", static _ => 1, steps: 60, static _ => { }, spoil: Saturate);
        Watch("other", _ => milliseconds, steps: 60, _ => held += asks ? watching!.Alerts.Count : 0, spoil: Saturate, prepare: monitor => watching = monitor);
        Assert.Equal(asks, held > 0);
        Assert.Contains("GG9005", File.ReadAllText(Path.Combine(_root, "alone", "alerts.jsonl")), StringComparison.Ordinal);
        foreach (var file in new[] { "records.jsonl", "alerts.jsonl" })
            Assert.Equal(File.ReadAllLines(Path.Combine(_root, "alone", file)), File.ReadAllLines(Path.Combine(_root, "other", file)));
    }

    /// <summary>Norms that stand still ask for whole gradients, which have other figures than their parts: from the same step on, however late they were judged.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WhatAFixedIntervalReadsWholeDependsOnNoClock(int seed)
    {
        string[] Records(string name, long milliseconds)
        {
            var clock = new HandClock();
            var result = new TrainingRun
            {
                Seed = seed,
                Steps = 360,
                Spread = 1.5,
                Clip = 0.05,
                Options = new() { SampleEvery = 1, Clock = clock, RunDirectory = Path.Combine(_root, name) },
                BeforeObserve = _ => clock.Now += milliseconds,
            }.Train(static () => nn.Sequential([.. Enumerable.Range(0, 6).SelectMany(static layer => new (string, nn.Module<Tensor, Tensor>)[]
                { ($"fc{layer}", nn.Linear(layer == 0 ? 32 : 64, 64)), ($"tanh{layer}", nn.Tanh()) }), ("last", nn.Linear(64, 4))]));
            Assert.Equal("GG9012", Assert.Single(result.Alerts).Id);
            return File.ReadAllLines(Path.Combine(_root, name, "records.jsonl"));
        }

        var waiting = Records("waiting", 1);
        var atOnce = Records("at-once", 60);
        Assert.Equal(360, waiting.Length);
        Assert.Equal(atOnce, waiting);
    }

    [Fact]
    public void LongStepsOfAResumedRunWaitForNothing()
    {
        using var state = new MemoryStream();
        GradientMonitor? watching = null;
        Watch("before", _ => 1, steps: 1000, step => { if (step == 999) Assert.True(watching!.SaveState(state)); }, prepare: monitor => watching = monitor);
        state.Position = 0;
        var lines = new List<int>();
        Watch("run", _ => 60, steps: 40, step => lines.Add(LinesOf("run")), prepare: monitor => Assert.True(monitor.LoadState(state)));
        Assert.Equal(Enumerable.Range(1, 40), lines);
    }

    [Fact]
    public void LongStepsWaitForNothing()
    {
        var lines = new List<int>();
        Watch("run", _ => 60, steps: 40, step => lines.Add(LinesOf("run")));
        Assert.Equal(Enumerable.Range(1, 40), lines);
    }

    [Theory]
    [InlineData(AlertAction.Stop)]
    [InlineData(AlertAction.Throw)]
    public void WhatActsOnAnAlertWaitsForNothing(AlertAction action)
    {
        var lines = new List<int>();
        Watch("run", _ => 1, steps: 40, step => lines.Add(LinesOf("run")), action: action);
        Assert.Equal(Enumerable.Range(1, 40), lines);
    }

    [Fact]
    public void AHandlerOfAlertsHearsOfThemInTheirOwnStep()
    {
        var lines = new List<int>();
        Watch("run", _ => 1, steps: 40, step => lines.Add(LinesOf("run")), prepare: static monitor => monitor.AlertRaised += static (_, _) => { });
        Assert.Equal(Enumerable.Range(1, 40), lines);
    }

    [Fact]
    public void AReadingThatIsNotFiniteWaitsForNothingAndNothingWaitsBehindIt()
    {
        var lines = new List<int>();
        Watch("run", _ => 1, steps: 40, step => lines.Add(LinesOf("run")), spoil: static (step, model) =>
        {
            using var scope = no_grad();
            if (step == 25)
                model.get_parameter("0.weight")!.fill_(float.NaN);
        });
        Assert.Equal(26, lines[25]);
        Assert.Contains("GG9001", File.ReadAllText(Path.Combine(_root, "run", "alerts.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void TheAlertsHeldAreThoseOfAllReadingsSoFar()
    {
        var held = new List<int>();
        GradientMonitor? watching = null;
        Watch("run", _ => 1, steps: 40, step => held.Add(watching!.Alerts.Count + LinesOf("run")), prepare: monitor => watching = monitor);
        Assert.Equal(Enumerable.Range(1, 40), held);
    }

    [Fact]
    public void AskingForAlertsBetweenStepsChangesNothingOfWhatTheComingStepHolds()
    {
        random.manual_seed(1);
        using var model = nn.Sequential(("fc1", nn.Linear(8, 16)), ("relu", nn.ReLU()), ("fc2", nn.Linear(16, 1)));
        using var optimizer = optim.SGD(model.parameters(), 0.001);
        var clock = new HandClock();
        using (var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { Clock = clock, RunDirectory = Path.Combine(_root, "run") }))
        {
            for (var step = 0; step < 700; step++)
            {
                using var scope = NewDisposeScope();
                var input = randn(32, 8);
                optimizer.zero_grad();
                var loss = nn.functional.mse_loss(model.call(input), (input.sum(1, true) * 0.3) + (step == 605 ? 60 : 0));
                loss.backward();
                clock.Now += 1000;
                monitor.Observe(loss);
                optimizer.step();
                Assert.DoesNotContain(monitor.Alerts, static alert => alert.Id == "GG9013");
            }

            Assert.Contains(monitor.Alerts, static alert => alert.Id == "GG9007");
        }

        // The spike opens a row of readings, and on this clock, where they cost nothing, all of them go as deep as they can.
        var read = File.ReadLines(Path.Combine(_root, "run", "records.jsonl")).Where(static line => line.Contains("gradientNorm", StringComparison.Ordinal))
            .Where(static line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt64() is > 605 and < 625).ToList();
        Assert.All(read, static line => Assert.Contains("\"layers\":[{", line, StringComparison.Ordinal));
        Assert.True(read.Count >= SamplingSchedule.SuspicionSteps - 1);
    }

    private (string[] Alerts, string[] Records) Train(string name, int seed, bool atOnce)
    {
        Action<GradientMonitor>? listen = atOnce ? static monitor => monitor.Recorded += static _ => { } : null;
        Watch(name, static _ => 1, steps: 75, static _ => { }, seed: seed, prepare: listen, spoil: static (step, model) =>
        {
            using var scope = no_grad();
            if (step >= 40)
                model.get_parameter("2.weight")!.mul_(1.5);
        });
        return (File.ReadAllLines(Path.Combine(_root, name, "alerts.jsonl")), File.ReadAllLines(Path.Combine(_root, name, "records.jsonl")));
    }

    private int LinesOf(string name) => File.ReadAllLines(Path.Combine(_root, name, "records.jsonl")).Length;

    private void Watch(
        string name, Func<int, long> milliseconds, int steps, Action<int> after, AlertAction action = AlertAction.Continue, int seed = 1,
        Action<GradientMonitor>? prepare = null, Action<int, nn.Module<Tensor, Tensor>>? spoil = null)
    {
        var clock = new HandClock();
        random.manual_seed(seed);
        using var model = nn.Sequential(("0", nn.Linear(8, 16)), ("1", nn.Tanh()), ("2", nn.Linear(16, 4)));
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        using var monitor = GradientMonitor.Attach(
            model, new GradientMonitorOptions { SampleEvery = 1, Clock = clock, RunDirectory = Path.Combine(_root, name), OnAlert = action });
        prepare?.Invoke(monitor);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            spoil?.Invoke(step, model);
            optimizer.zero_grad();
            var loss = nn.functional.mse_loss(model.call(randn(8, 8)), zeros(8, 4));
            loss.backward();
            clock.Now += milliseconds(step);
            monitor.Observe(loss);
            optimizer.step();
            after(step);
        }
    }
}
