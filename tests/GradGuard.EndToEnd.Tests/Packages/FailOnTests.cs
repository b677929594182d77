namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>
/// <c>GradGuardFailOn</c>, one project built again and again: one finding that is a warning (GG5001), one that is a suggestion (GG2004), and a
/// warning of the compiler's own (CS0219), which is nobody's business here.
/// </summary>
[Collection<PackagesCollection>]
public sealed class FailOnTests(GatedProject project) : IClassFixture<GatedProject>
{
    private const string Warned = "warning GG5001";
    private const string Failed = "error GG5001";
    private const string FailedOnSuggestion = "error GG2004";
    private const string Unused = "warning CS0219";

    [Theory]
    [InlineData("", 0, Unused, Warned)]
    [InlineData("-p:GradGuardFailOn=warning", 1, Unused, Failed)]
    [InlineData("-p:GradGuardFailOn=info", 1, Unused, FailedOnSuggestion, Failed)]
    [InlineData("-p:GradGuardFailOn=error", 0, Unused, Warned)]
    [InlineData("-p:GradGuardFailOn=none -p:TreatWarningsAsErrors=true -p:NoWarn=CS0219", 0, Warned)]
    [InlineData("-p:GradGuardFailOn=none -warnaserror -p:NoWarn=CS0219", 0, Warned)]
    [InlineData("-p:GradGuardFailOn=warning -p:TreatWarningsAsErrors=true -p:NoWarn=CS0219", 1, Failed)]
    [InlineData("-p:GradGuardFailOn=Warning -warnaserror -p:NoWarn=CS0219", 1, Failed)]
    [InlineData("-p:GradGuardFailOn=warning -p:GradGuardMode=none", 0, Unused)]
    public async Task TheLevelDecidesAndOtherWarningsDoNot(string arguments, int exitCode, params string[] reported)
    {
        var build = await project.RebuildAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(reported, Reported(build));
        Assert.Equal(exitCode, build.ExitCode);
    }

    [Fact]
    public async Task ABuildThatCompilesNothingFailsAgain()
    {
        await project.RebuildAsync("-p:GradGuardFailOn=warning");
        var second = await project.BuildAsync("-p:GradGuardFailOn=warning");

        Assert.Equal(1, second.ExitCode);
        var error = Assert.Single(BuildWarning.Read(second.Output));
        Assert.Equal(("error", "GG5001", "Gated.cs", 10), (error.Severity, error.Id, error.File, error.Line));
        Assert.Contains("docs/rules/GG5001.md", error.Message);
    }

    [Fact]
    public async Task ABuildThatWasDoneWithoutTheGateDoesNotPassIt()
    {
        await project.RebuildAsync();
        project.DeleteFile("obj/Debug/net10.0/gradguard.sarif");
        var second = await project.BuildAsync("-p:GradGuardFailOn=warning");

        Assert.Equal(1, second.ExitCode);
        Assert.Equal([Unused, Failed], Reported(second));
    }

    [Theory]
    [InlineData("log.sarif")]
    [InlineData("log.sarif%2Cversion=2.1")]
    public async Task TheProjectsOwnLogIsWrittenAndRead(string log)
    {
        project.DeleteFile("log.sarif");
        var build = await project.RebuildAsync("-p:GradGuardFailOn=warning", "-p:ErrorLog=" + log);

        Assert.Equal([Unused, Failed], Reported(build));
        Assert.Contains("\"GG5001\"", project.ReadFile("log.sarif"));
    }

    [Fact]
    public async Task TheProjectsSeveritiesCount()
    {
        using var settings = project.WithEditorConfig("dotnet_diagnostic.GG5001.severity = none\ndotnet_diagnostic.GG2004.severity = warning");
        var build = await project.RebuildAsync("-p:GradGuardFailOn=warning");

        Assert.Equal([Unused, FailedOnSuggestion], Reported(build));
    }

    [Fact]
    public async Task WhatIsSuppressedInSourcePasses()
    {
        var build = await project.RebuildAsync("-p:GradGuardFailOn=info", "-p:DefineConstants=SUPPRESSED");

        Assert.Equal(0, build.ExitCode);
        Assert.Equal([Unused], Reported(build));
    }

    [Fact]
    public async Task AnUnknownLevelStopsTheBuildWithALineThatNamesTheLevels()
    {
        var build = await project.RebuildAsync("-p:GradGuardFailOn=warnings");

        Assert.Equal(1, build.ExitCode);
        Assert.Contains("error GG0002: GradGuardFailOn is 'warnings': say warning, info, error or none.", build.Output);
    }

    /// <summary>What a build says, without the places: order of the numbers.</summary>
    private static IEnumerable<string> Reported(ProcessResult build) => BuildWarning.Read(build.Output)
        .Select(line => $"{line.Severity} {line.Id}").Distinct().OrderBy(line => line.Split(' ')[1], StringComparer.Ordinal);
}
