using GradGuard.Cli.Checking;
using GradGuard.Cli.Commands;
using Spectre.Console;

namespace GradGuard.Cli.Runs.Tests;

/// <summary>The gate over runs as the real monitor writes them.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ASaturatedModelFails_AndItsHealthyTwinPasses(int seed)
    {
        Train("saturated", spread: 3, seed);
        Train("healthy", spread: 0.25, seed);

        Assert.Equal((1, true), await CheckAsync("saturated", "failed (GG9005)"));
        Assert.Equal((0, true), await CheckAsync("healthy", "healthy: passes, 40 steps of TorchSharp.Modules.Sequential"));
        Assert.Equal((1, true), await CheckAsync(".", "1 of 2 runs failed"));
    }

    [Theory]
    [InlineData("{\"failOn\":\"none\",\"limits\":{\"saturatedShare\":0.5}}", 1, 0)]
    [InlineData("{\"failOn\":\"none\",\"limits\":{\"saturatedShare\":0.99}}", 0, 0)]
    [InlineData("{\"failOn\":\"none\",\"limits\":{\"updateRatio\":{\"min\":1e-9,\"max\":10}, \"nonFiniteLosses\":0}}", 0, 0)]
    [InlineData("{\"failOn\":\"none\",\"limits\":{\"updateRatio\":{\"max\":1e-7}}}", 1, 1)]
    [InlineData("{\"failOn\":\"none\",\"limits\":{\"finalLoss\":0.1},\"require\":{\"limitsJudged\":true}}", 1, 1)]
    [InlineData("{\"failOn\":\"none\",\"limits\":{\"finalLoss\":100,\"inactiveShare\":0.99},\"require\":{\"limitsJudged\":true,\"seenLayers\":1,\"complete\":true,\"steps\":40}}", 0, 0)]
    public async Task LimitsAreJudgedByWhatTheMonitorRecords(string policy, int saturated, int healthy)
    {
        Train("saturated", spread: 3, seed: 4);
        Train("healthy", spread: 0.25, seed: 4);
        await File.WriteAllTextAsync(Path.Combine(_root, "gradguard.json"), policy, TestContext.Current.CancellationToken);

        Assert.Equal((saturated, true), await CheckAsync("saturated", "policy: gradguard.json"));
        Assert.Equal((healthy, true), await CheckAsync("healthy", "policy: gradguard.json"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void UpdatesAreJudgedUpToTheEndOfARun_HoweverRarelyItWasRead(int every)
    {
        var trained = new MonitoredTraining { Options = new() { RunDirectory = Path.Combine(_root, "run"), SampleEvery = every } }.Train();

        var ratios = RunFigures.Of(RunDirectory.Open(trained.Directory).Records()).UpdateRatios.ToList();

        Assert.NotEmpty(ratios);
        Assert.All(ratios, update => Assert.Equal(38 / every * every, update.Value.LastStep));
    }

    private void Train(string name, double spread, int seed) =>
        new MonitoredTraining { Seed = seed, InitialSpread = spread, Options = new() { RunDirectory = Path.Combine(_root, name), SampleEvery = 1 } }.Train();

    private async Task<(int ExitCode, bool Says)> CheckAsync(string run, string expected)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 10_000;
        using var errors = new StringWriter();
        var code = await new CommandLine(console, errors, _root).RunAsync(["check", run], TestContext.Current.CancellationToken);
        return (code, output.ToString().Contains(expected, StringComparison.Ordinal) && errors.ToString().Length == 0);
    }
}
