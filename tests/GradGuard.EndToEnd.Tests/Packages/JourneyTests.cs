namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>An empty folder, the packed files, and a new program with a broken model: warned about, fixed, trained, checked.</summary>
[Collection<PackagesCollection>]
public class JourneyTests(Journey journey) : IClassFixture<Journey>
{
    private static readonly string[] Faults = ["Net.cs GG1002", "Net.cs GG5001"];

    [Fact]
    public void TheFirstBuildWarnsAboutTheModelAndAboutNothingElse()
    {
        Assert.True(journey.FirstBuild.ExitCode == 0, journey.FirstBuild.Output);
        Assert.Equal(Faults, Findings(journey.FirstBuild, "warning"));
        Assert.Equal(2, Warnings(journey.FirstBuild).Count);
    }

    [Fact]
    public void TheGateMakesThemErrors()
    {
        Assert.Equal(1, journey.GatedBuild.ExitCode);
        Assert.Equal(Faults, Findings(journey.GatedBuild, "error"));
    }

    [Fact]
    public void OurPackagesCameFromThePackedFilesAndBroughtNothingUnexpected() =>
        Assert.Equal(["gradguard.analyzers", "gradguard.monitor"], journey.TakenFromTheFeed.Order(StringComparer.Ordinal));

    [Fact]
    public void TheCommandFindsTheSame()
    {
        Assert.True(journey.Installation.ExitCode == 0, journey.Installation.Output + journey.Installation.Error);
        Assert.Equal(1, journey.FirstAnalysis.ExitCode);
        Assert.All(Faults, fault => Assert.Contains(fault.Split(' ')[1], journey.FirstAnalysis.Output));
        Assert.Equal(0, journey.AnalysisOnceFixed.ExitCode);
    }

    [Fact]
    public void FormatAppliesTheFixes()
    {
        Assert.True(journey.Fix.ExitCode == 0, journey.Fix.Output + journey.Fix.Error);
        Assert.Contains("init.xavier_uniform_(fc1.weight);", journey.Source);
        Assert.Contains("return fc3.forward(x);", journey.Source);
    }

    [Fact]
    public void TheFixedModelPassesTheGateWithoutAWarning()
    {
        Assert.True(journey.BuildOnceFixed.ExitCode == 0, journey.BuildOnceFixed.Output);
        Assert.Empty(Warnings(journey.BuildOnceFixed));
    }

    [Fact]
    public void ItTrainsUnderTheMonitorWithoutAnAlert()
    {
        Assert.True(journey.Training.ExitCode == 0, journey.Training.Output + journey.Training.Error);
        Assert.Equal("", journey.Training.Output);
        Assert.Superset(new HashSet<string> { "run.json", "records.jsonl", "summary.json" }, journey.RunFiles.ToHashSet());
    }

    [Fact]
    public void TheRunPassesTheCheck() => Assert.True(journey.Check.ExitCode == 0, journey.Check.Output + journey.Check.Error);

    private static IEnumerable<string> Findings(ProcessResult build, string severity) => BuildWarning.Read(build.Output)
        .Where(warning => warning.Severity == severity).Select(warning => $"{warning.File} {warning.Id}").Order(StringComparer.Ordinal);

    /// <summary>Every line that says warning, whoever wrote it, in a file or about the project.</summary>
    private static IReadOnlyList<string> Warnings(ProcessResult build) =>
        [.. build.Output.Split('\n').Select(line => line.Trim()).Where(line => line.Contains(": warning ", StringComparison.Ordinal)).Distinct()];
}
