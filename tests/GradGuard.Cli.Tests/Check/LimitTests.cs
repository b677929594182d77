using System.Text.Json.Nodes;
using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Check;

/// <summary>Each limit and requirement has a run that breaks it and one that keeps it.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"inactiveShare\":0.5}", 60, 0)]
    [InlineData("{\"inactiveShare\":0.6}", 60, null)]
    [InlineData("{\"inactiveShare\":0.59, \"except\":[\"act*\"]}", 60, null, false)]
    [InlineData("{\"inactiveShare\":0.59, \"except\":[\"fc1\"]}", 60, null, false)]
    public async Task InactiveShare(string limits, int inactive, int? line, bool isJudged = true)
    {
        new WrittenRun().Steps(30, layers: [new { layer = "act1", source = "fc1", calls = 1, units = 100, inactiveUnits = inactive }]).WriteTo(_folder.In("run"));
        await AssertAsync(limits, "limits.inactiveShare", fails: line is not null, isJudged, "60% or more of the units of 'act1'");
    }

    /// <summary>A batch in which many units rest is no batch in which they are dead: the least of the window counts.</summary>
    [Fact]
    public async Task InactiveShare_IsOfUnitsThatStayInactive()
    {
        var run = new WrittenRun();
        for (var step = 0; step < 30; step++)
            run.Step(step, layers: [new { layer = "act1", calls = 1, units = 100, inactiveUnits = step == 25 ? 10 : 90 }]);
        run.WriteTo(_folder.In("run"));

        await AssertAsync("{\"inactiveShare\":0.5}", "limits.inactiveShare", fails: false);
    }

    [Theory]
    [InlineData(0.87, true)]
    [InlineData(0.88, false)]
    public async Task SaturatedShare(double limit, bool fails)
    {
        new WrittenRun().Steps(30, layers: [new { layer = "act1", source = "fc1", calls = 1, saturatedShare = 0.88 }]).WriteTo(_folder.In("run"));
        await AssertAsync($"{{\"saturatedShare\":{limit}}}", "limits.saturatedShare", fails, message: "88% of the outputs of 'act1' are saturated");
    }

    /// <summary>What has healed by the end is no fault of the end.</summary>
    [Fact]
    public async Task SaturatedShare_IsThatOfTheEnd()
    {
        var run = new WrittenRun();
        for (var step = 0; step < 60; step++)
            run.Step(step, layers: [new { layer = "act1", calls = 1, saturatedShare = step < 40 ? 0.9 : 0.1 }]);
        run.WriteTo(_folder.In("run"));

        await AssertAsync("{\"saturatedShare\":0.5}", "limits.saturatedShare", fails: false);
    }

    [Theory]
    [InlineData("{\"updateRatio\":{\"min\":1e-5}}", 1e-6, true)]
    [InlineData("{\"updateRatio\":{\"min\":1e-6}}", 1e-6, false)]
    [InlineData("{\"updateRatio\":{\"max\":0.1}}", 0.2, true)]
    [InlineData("{\"updateRatio\":{\"min\":1e-6,\"max\":0.2}}", 0.2, false)]
    public async Task UpdateRatio(string limits, double ratio, bool fails)
    {
        new WrittenRun().Steps(30, updates: ("fc1.weight", ratio)).WriteTo(_folder.In("run"));
        await AssertAsync(limits, "limits.updateRatio", fails, message: "updates of 'fc1.weight'");
    }

    /// <summary>No gradient was ever recorded for it.</summary>
    [Fact]
    public async Task UpdateRatio_IsNotAskedOfFrozenParameters()
    {
        new WrittenRun().Steps(30, updates: [("fc1.weight", 0.01), ("frozen.weight", 0)]).WriteTo(_folder.In("run"));
        await AssertAsync("{\"updateRatio\":{\"min\":1e-6}}", "limits.updateRatio", fails: false);
    }

    [Theory]
    [InlineData("{\"updateRatio\":{\"max\":0.1},\"except\":[\"*.bias\"]}", "fc1.bias")]
    [InlineData("{\"updateRatio\":{\"max\":0.1},\"except\":[\"fc?\"]}", "fc1.weight")]
    public async Task UpdateRatio_IsNotAskedOfWhatIsExempt(string limits, string parameter)
    {
        new WrittenRun().Steps(30, updates: (parameter, 0.5)).WriteTo(_folder.In("run"));
        await AssertAsync(limits, "limits.updateRatio", fails: false, isJudged: false);
    }

    [Theory]
    [InlineData(0.49, true)]
    [InlineData(0.5, false)]
    public async Task FinalLoss(double limit, bool fails)
    {
        // One bad batch at the very end is not where the loss is.
        new WrittenRun().Steps(60, step => step == 59 ? 9 : step < 40 ? 2 : 0.5).WriteTo(_folder.In("run"));
        await AssertAsync($"{{\"finalLoss\":{limit}}}", "limits.finalLoss", fails, message: "the loss is 0.5, the median of the last 20");
    }

    [Fact]
    public async Task FinalLoss_IsNotKeptByNaN()
    {
        new WrittenRun().Steps(30, step => step < 25 ? 0.1 : double.NaN).WriteTo(_folder.In("run"));
        await AssertAsync("{\"finalLoss\":0.5}", "limits.finalLoss", fails: true, message: "the loss is NaN or infinite");
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task NonFiniteLosses(int limit, bool fails)
    {
        new WrittenRun().Steps(60, step => step switch { 10 => double.NaN, 11 => double.PositiveInfinity, 12 => double.NegativeInfinity, _ => 1 }).WriteTo(_folder.In("run"));
        await AssertAsync($"{{\"nonFiniteLosses\":{limit}}}", "limits.nonFiniteLosses", fails, message: "in 3 steps, first in step 10");
    }

    [Theory]
    [InlineData("{\"inactiveShare\":0}", "limits.inactiveShare")]
    [InlineData("{\"saturatedShare\":0}", "limits.saturatedShare")]
    [InlineData("{\"updateRatio\":{\"min\":1}}", "limits.updateRatio")]
    [InlineData("{\"finalLoss\":-1}", "limits.finalLoss")]
    [InlineData("{\"nonFiniteLosses\":0}", "limits.nonFiniteLosses")]
    public async Task ALimitWithNothingToJudge_IsToldAndFailsWhereThatIsAskedFor(string limits, string id)
    {
        new WrittenRun().Steps(30, _ => null).WriteTo(_folder.In("run"));

        await AssertAsync(limits, id, fails: false, isJudged: false);
        var strict = await CheckAsync($"{{\"limits\":{limits},\"require\":{{\"limitsJudged\":true}}}}");
        Assert.Equal(1, strict.ExitCode);
        Assert.Contains("could not be judged", Find(strict, id)["findings"]![0]!["message"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(30, false)]
    public async Task RequiredSteps(int steps, bool fails)
    {
        new WrittenRun().Steps(30).WriteTo(_folder.In("run"));
        await AssertRequiredAsync($"{{\"steps\":{steps}}}", "require.steps", fails, "30 steps are recorded, and 31 are required");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task RequiredEnd(bool hasSummary, bool fails)
    {
        var run = new WrittenRun().Steps(30);
        run.Summary = hasSummary ? run.Summary : null;
        run.WriteTo(_folder.In("run"));
        await AssertRequiredAsync("{\"complete\":true}", "require.complete", fails, "was killed");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0.6, false)]
    public async Task RequiredShareOfSeenLayers(double share, bool fails)
    {
        new WrittenRun().Steps(30, layers: [new { layer = "fc1", calls = 1 }, new { layer = "act1", calls = 1 }]).WriteTo(_folder.In("run"));
        await AssertRequiredAsync($"{{\"seenLayers\":{share}}}", "require.seenLayers", fails, "fc2 in run: it was never seen to run");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task RequiredSightOfTheCode(bool hides, bool fails)
    {
        var run = new WrittenRun().Steps(30);
        if (hides)
            run.Summary!["code"]!["hidden"] = new JsonArray(new JsonObject { ["where"] = "relu at Net.cs:4", ["reason"] = "it is called through a delegate" });
        run.WriteTo(_folder.In("run"));
        await AssertRequiredAsync("{\"noHiddenCode\":true}", "require.noHiddenCode", fails, "relu at Net.cs:4 is not seen: it is called through a delegate");
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "encoder.fc1", true)]
    [InlineData("encoder.*", "encoder.fc1", true)]
    [InlineData("decoder.*", "encoder.fc1", false)]
    [InlineData("fc?", "", false)]
    [InlineData("GG9004", "", true)]
    [InlineData("GG900?", "encoder.fc1", true)]
    [InlineData("GG9005", "", false)]
    public async Task RequiredVerdicts(string pattern, string layer, bool fails)
    {
        var run = new WrittenRun().Steps(30);
        run.Summary!["notEvaluated"] = new JsonArray(new JsonObject { ["id"] = "GG9004", ["layer"] = layer, ["reason"] = "it was never run through call()" });
        run.WriteTo(_folder.In("run"));
        await AssertRequiredAsync($"{{\"evaluated\":[\"{pattern}\"]}}", "require.evaluated", fails, "GG9004 was not looked for: it was never run through call()");
    }

    /// <summary>What a summary would have told is not known without one.</summary>
    [Theory]
    [InlineData("{\"noHiddenCode\":true}", "require.noHiddenCode")]
    [InlineData("{\"evaluated\":[\"*\"]}", "require.evaluated")]
    public async Task WhatIsRequiredAndNotKnown_Fails(string required, string id)
    {
        new WrittenRun { Summary = null }.Steps(30).WriteTo(_folder.In("run"));
        await AssertRequiredAsync(required, id, fails: true, "the run has no summary.json");
    }

    private Task AssertRequiredAsync(string required, string id, bool fails, string message) => AssertPolicyAsync($"{{\"require\":{required}}}", id, fails, isJudged: true, message);

    private Task AssertAsync(string limits, string id, bool fails, bool isJudged = true, string message = "") =>
        AssertPolicyAsync($"{{\"limits\":{limits}}}", id, fails, isJudged, message);

    private async Task AssertPolicyAsync(string policy, string id, bool fails, bool isJudged, string message)
    {
        var result = await CheckAsync(policy);
        var check = Find(result, id);

        Assert.Equal(!isJudged ? "notEvaluated" : fails ? "failed" : "passed", check["outcome"]!.GetValue<string>());
        Assert.Equal(fails ? 1 : 0, result.ExitCode);
        if (fails)
            Assert.Contains(message, check["findings"]![0]!["message"]!.GetValue<string>());
        else
            Assert.Empty(check["findings"]!.AsArray());
    }

    private Task<CommandResult> CheckAsync(string policy) => _folder.With("gradguard.json", policy).RunAsync("check", "run", "--format", "json");

    private static JsonNode Find(CommandResult result, string id) => result.Json["runs"]![0]!["checks"]!.AsArray().Single(check => check!["id"]!.GetValue<string>() == id)!;
}
