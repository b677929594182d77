namespace GradGuard.EndToEnd.Tests;

/// <summary>What somebody sees who clones the repository into an empty folder and runs the README's commands.</summary>
[Collection<FreshCopyCollection>]
public class FirstContactTests(FreshCopy copy)
{
    [Fact]
    public void TheSamplesBuildWithNoStepBefore() => Assert.True(copy.Build.ExitCode == 0, copy.Build.Output);

    [Fact]
    public void TheBuildWarnsAboutBrokenModelsOnly()
    {
        var findings = BuildWarning.Read(copy.Build.Output)
            .Where(warning => warning.Severity == "warning")
            .Select(warning => $"{warning.File} {warning.Id}")
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "DeepSigmoid.cs GG2002",
                "DyingRelu.cs GG1005",
                "ExplodingRnn.cs GG1007",
                "ExplodingRnn.cs GG3001",
                "HandWrittenRecurrence.cs GG3002",
                "HandWrittenRelu.cs GG1005",
                "HandWrittenSigmoid.cs GG2001",
                "PoorStart.cs GG1002",
                "SaturatedSigmoid.cs GG1002",
            ],
            findings);
    }

    [Fact]
    public void TheWarningsCarryPredictedNumbers()
    {
        var warning = Assert.Single(BuildWarning.Read(copy.Build.Output), warning => warning is { Id: "GG1002", File: "SaturatedSigmoid.cs" } && warning.Message.Contains("'fc1'"));

        Assert.Contains("over fan-in 784", warning.Message);
        Assert.Contains("89% of the sigmoid units start saturated", warning.Message);
    }

    [Fact]
    public async Task ABrokenModelIsCaughtInTheAct()
    {
        var folder = copy.RunDirectory("broken");
        var run = await copy.SamplesAsync("run", "saturated-sigmoid", "--steps", "60", "--seed", "3", "--out", folder);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("GG9005", run.Output);
        Assert.Superset(
            new HashSet<string?> { "run.json", "records.jsonl", "alerts.jsonl", "summary.json" },
            Directory.GetFiles(folder).Select(Path.GetFileName).ToHashSet());
    }

    [Fact]
    public async Task ItsTwinTrainsInSilence()
    {
        var run = await copy.SamplesAsync("run", "saturated-sigmoid-fixed", "--steps", "60", "--seed", "3", "--out", copy.RunDirectory("twin"));

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("GG90", run.Output);
    }

    [Theory]
    [InlineData("run", "no-such-model")]
    [InlineData("run", "healthy-mlp", "--steps", "many")]
    [InlineData("run", "healthy-mlp", "--data", "no-such-folder")]
    [InlineData("dance")]
    public async Task BadArgumentsGiveOneClearLine(params string[] arguments)
    {
        var run = await copy.SamplesAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Single(run.ErrorLines);
    }
}
