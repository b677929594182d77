using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Check;

/// <summary>Which alerts fail, which are told, and which are ignored.</summary>
public sealed class AlertPolicyTests : IDisposable
{
    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Info", 0)]
    [InlineData("Warning", 1)]
    [InlineData("Critical", 1)]
    public async Task WithoutAPolicy_WarningsAndWorseFail(string severity, int exitCode)
    {
        new WrittenRun().Steps(5).Alert("GG9004", severity).WriteTo(_folder.In("run"));

        var result = await _folder.RunAsync("check", "run");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains("GG9004: fc1, step 7 of run: 128 of 128 units are dead. Start the layer with kaiming_normal_ weights.", result.Output);
    }

    [Fact]
    public async Task WithoutAPolicy_ARunOfNoStepFails()
    {
        new WrittenRun().WriteTo(_folder.In("run"));

        var result = await _folder.RunAsync("check", "run");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("require.steps", result.Output);
    }

    [Theory]
    [InlineData("info", 1, 1, 1)]
    [InlineData("warning", 0, 1, 1)]
    [InlineData("critical", 0, 0, 1)]
    [InlineData("none", 0, 0, 0)]
    public async Task FailOn_IsTheLowestSeverityThatFails(string failOn, int onInfo, int onWarning, int onCritical)
    {
        _folder.With("gradguard.json", $"{{\"failOn\":\"{failOn}\"}}");
        foreach (var (severity, exitCode) in new[] { ("Info", onInfo), ("Warning", onWarning), ("Critical", onCritical) })
        {
            new WrittenRun().Steps(5).Alert("GG9004", severity).WriteTo(_folder.In(severity));
            Assert.Equal(exitCode, (await _folder.RunAsync("check", severity)).ExitCode);
        }
    }

    [Theory]
    [InlineData("{\"id\":\"GG9004\",\"action\":\"ignore\"}", 0, 0)]
    [InlineData("{\"id\":\"GG9004\",\"action\":\"report\"}", 0, 2)]
    [InlineData("{\"id\":\"GG90*\",\"action\":\"ignore\"}", 0, 0)]
    [InlineData("{\"id\":\"GG9005\",\"action\":\"ignore\"}", 1, 2)]
    [InlineData("{\"id\":\"GG9004\",\"layer\":\"encoder.*\",\"action\":\"ignore\"}", 1, 1)]
    [InlineData("{\"id\":\"GG9004\",\"layer\":\"\",\"action\":\"ignore\"}", 1, 1)]
    [InlineData("{\"id\":\"GG9004\",\"layer\":\"encoder.*\",\"action\":\"fail\"},{\"id\":\"*\",\"action\":\"ignore\"}", 1, 1)]
    [InlineData("{\"id\":\"*\",\"action\":\"ignore\"},{\"id\":\"GG9004\",\"action\":\"fail\"}", 0, 0)]
    public async Task TheFirstRuleThatMatchesAnAlert_Decides(string rules, int exitCode, int told)
    {
        new WrittenRun().Steps(5).Alert("GG9004", layer: "encoder.fc1").Alert("GG9004", layer: "").WriteTo(_folder.In("run"));
        _folder.With("gradguard.json", $"{{\"alerts\":[{rules}]}}");

        var result = await _folder.RunAsync("check", "run", "--format", "json");

        Assert.Equal(exitCode, result.ExitCode);
        var check = result.Json["runs"]![0]!["checks"]!.AsArray().Single(check => check!["id"]!.GetValue<string>() == "GG9004")!;
        Assert.Equal((told, 2 - told), (check["findings"]!.AsArray().Count, check["ignored"]!.GetValue<int>()));
    }

    [Fact]
    public async Task AnAlertOfALaterMonitor_IsJudgedByItsSeverity()
    {
        new WrittenRun().Steps(5).Alert("GG9099").WriteTo(_folder.In("run"));

        var result = await _folder.RunAsync("check", "run");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("failed (GG9099)", result.Output);
    }

    [Fact]
    public async Task ThePolicy_IsFoundInAFolderAbove_TheNearestFirst()
    {
        new WrittenRun().Steps(5).Alert("GG9004").WriteTo(_folder.In("a/b/runs/one"));
        _folder.With("gradguard.json", "{\"failOn\":\"none\"}").With("strict.json", "{}");

        Assert.Equal(0, (await CommandResult.OfAsync(_folder.In("a/b"), "check", "runs")).ExitCode);
        Assert.Equal(1, (await CommandResult.OfAsync(_folder.In("a/b"), "check", "runs", "--policy", "../../strict.json")).ExitCode);
        _folder.With("a/gradguard.json", "{\"failOn\":\"critical\"}");
        var nearest = await CommandResult.OfAsync(_folder.In("a/b"), "check", "runs", "--format", "json");
        Assert.Equal(_folder.In("a/gradguard.json").Replace('\\', '/'), nearest.Json["policy"]!.GetValue<string>());
    }

    [Fact]
    public async Task SeveralRunsAndFolders_AreJudgedEachOnce()
    {
        new WrittenRun().Steps(5).WriteTo(_folder.In("runs/rank0"));
        new WrittenRun().Steps(5).Alert("GG9004").WriteTo(_folder.In("runs/rank1"));
        new WrittenRun().Steps(5).WriteTo(_folder.In("other"));
        Directory.CreateSymbolicLink(_folder.In("runs/loop"), _folder.In("runs"));

        var result = await _folder.RunAsync("check", "runs", "runs/rank1/", "other", "--format", "json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            [("runs/rank0", false), ("runs/rank1", true), ("other", false)],
            result.Json["runs"]!.AsArray().Select(run => (run!["run"]!.GetValue<string>(), run["fails"]!.GetValue<bool>())));
    }
}
