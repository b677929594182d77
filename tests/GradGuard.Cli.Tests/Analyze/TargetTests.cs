using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary>What is compiled together when a file or a folder is analysed.</summary>
public class TargetTests
{
    [Fact]
    public async Task AFolderOfSources_NeedsNoProject()
    {
        using var folder = new SourceFolder().With("models/Net.cs", Sources.Saturated()).With("Program.cs", "System.Console.WriteLine();");

        var result = await folder.RunAsync("analyze", ".", "--format", "json");

        Assert.Equal(["GG1002"], result.Ids);
        Assert.Equal("models/Net.cs", result.Json["findings"]![0]!["place"]!["path"]!.GetValue<string>());
        Assert.Equal(2, result.Json["summary"]!["files"]!.GetValue<int>());
        Assert.Equal(0, result.Json["summary"]!["unresolvedNames"]!.GetValue<int>());
    }

    [Fact]
    public async Task ASingleFile_IsEnough()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated()).With("Other.cs", Sources.Saturated("Other"));

        Assert.Equal(["GG1002"], (await folder.RunAsync("analyze", "Net.cs", "--format", "json")).Ids);
    }

    [Fact]
    public async Task NamesThatNothingDeclares_AreCountedAndTolerated()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated() + "\nclass User { Missing.Thing? thing; int Use() => Absent.Count + Absent.Count; }");

        var result = await folder.RunAsync("analyze", ".", "--format", "json");

        Assert.Equal(["GG1002"], result.Ids);
        Assert.Equal(
            [("Absent", 2), ("Missing", 1)],
            result.Json["unresolvedNames"]!.AsArray().Select(name => (name!["name"]!.GetValue<string>(), name["uses"]!.GetValue<int>())));
    }

    [Fact]
    public async Task SamplesSideBySide_EachWithItsOwnNet_AreKeptApart()
    {
        using var folder = new SourceFolder()
            .With("a/Net.cs", Sources.Saturated()).With("b/Net.cs", Sources.Healthy()).With("c/Net.cs", Sources.Saturated())
            .With("Shared.cs", Sources.Saturated("Shared"));

        var paths = (await folder.RunAsync("analyze", ".", "--format", "json")).Json["findings"]!.AsArray()
            .Select(finding => finding!["place"]!["path"]!.GetValue<string>());

        Assert.Equal(["Shared.cs", "a/Net.cs", "c/Net.cs"], paths);
    }

    [Fact]
    public async Task SeveralProgramsInOneFolder_AreAllJudged()
    {
        using var folder = new SourceFolder()
            .With("First.cs", Sources.Trainer("Recurrent")).With("Second.cs", Sources.Trainer("Recurrent")).With("Recurrent.cs", Sources.Recurrent("Recurrent"));

        var result = await folder.RunAsync("analyze", ".", "--format", "json", "--rules", "GG3001");

        Assert.Equal(["First.cs", "Second.cs"], result.Json["findings"]!.AsArray().Select(finding => finding!["place"]!["path"]!.GetValue<string>()));
    }

    [Fact]
    public async Task ProjectsSeeTheProjectsTheyReference()
    {
        using var folder = new SourceFolder()
            .With("lib/Lib.csproj", "<Project Sdk='Microsoft.NET.Sdk'/>").With("lib/Recurrent.cs", Sources.Recurrent("Recurrent"))
            .With("app/App.csproj", """<Project Sdk='Microsoft.NET.Sdk'><ItemGroup><ProjectReference Include="..\lib\Lib.csproj"/></ItemGroup></Project>""")
            .With("app/Program.cs", Sources.Trainer("Recurrent"));

        var result = await folder.RunAsync("analyze", ".", "--format", "json", "--rules", "GG3");

        Assert.Equal(["GG3001"], result.Ids);
        Assert.Equal(0, result.Json["summary"]!["unresolvedNames"]!.GetValue<int>());
        Assert.Equal(2, result.Json["summary"]!["compilations"]!.GetValue<int>());
    }

    [Fact]
    public async Task ProjectsThatReferenceEachOther_EndTheSearch()
    {
        const string Project = """<Project><ItemGroup><ProjectReference Include="../{0}/{0}.csproj"/></ItemGroup></Project>""";
        using var folder = new SourceFolder()
            .With("a/a.csproj", string.Format(Project, "b")).With("a/Net.cs", Sources.Saturated("First"))
            .With("b/b.csproj", string.Format(Project, "a")).With("b/Net.cs", Sources.Saturated("Second"));

        Assert.Equal(["GG1002", "GG1002"], (await folder.RunAsync("analyze", ".", "--format", "json")).Ids);
    }

    [Theory]
    [InlineData("bin/Net.cs")]
    [InlineData("obj/Net.cs")]
    [InlineData(".hidden/Net.cs")]
    [InlineData("Net.g.cs")]
    [InlineData("tests/unit/Net.cs")]
    [InlineData("src/Generated.cs")]
    public async Task BuildOutputsGeneratedAndExcludedFiles_AreLeftOut(string file)
    {
        using var folder = new SourceFolder().With("Model.cs", Sources.Healthy("Model")).With(file, Sources.Saturated());

        var result = await folder.RunAsync("analyze", ".", "--exclude", "tests", "--exclude", "src/Gen*.cs");

        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task AReferenceNamedByTheUser_Resolves()
    {
        using var folder = new SourceFolder().With("Net.cs", "using Xunit; class Tests { [Fact] public void Holds() => Assert.True(true); }");
        var unresolved = await folder.RunAsync("analyze", ".", "--format", "json");
        var resolved = await folder.RunAsync(
            "analyze", ".", "--format", "json", "--reference", typeof(Assert).Assembly.Location, "--reference", typeof(FactAttribute).Assembly.Location);

        Assert.NotEqual(0, unresolved.Json["summary"]!["unresolvedNames"]!.GetValue<int>());
        Assert.Equal(0, resolved.Json["summary"]!["unresolvedNames"]!.GetValue<int>());
    }

    [Fact]
    public async Task EditorConfig_HoldsAsInABuild()
    {
        using var folder = new SourceFolder()
            .With("quiet/.editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.GG1002.severity = none\n").With("quiet/Net.cs", Sources.Saturated("Quiet"))
            .With("loud/.editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.GG1002.severity = error\n").With("loud/Net.cs", Sources.Saturated("Loud"))
            .With("lax/.editorconfig", "root = true\n[*.cs]\ngradguard.max_saturated_share = 0.99\n").With("lax/Net.cs", Sources.Saturated("Lax"));

        var finding = Assert.Single((await folder.RunAsync("analyze", ".", "--format", "json")).Json["findings"]!.AsArray())!;

        Assert.Equal(("loud/Net.cs", "error"), (finding["place"]!["path"]!.GetValue<string>(), finding["severity"]!.GetValue<string>()));
    }

    [Fact]
    public async Task APragma_Suppresses()
    {
        using var folder = new SourceFolder().With("Net.cs", "#pragma warning disable GG1002\n" + Sources.Saturated());

        Assert.Empty((await folder.RunAsync("analyze", ".", "--format", "json")).Ids);
    }

    [Fact]
    public async Task TheSameSources_GiveTheSameFindingsInTheSameOrder()
    {
        using var folder = new SourceFolder();
        for (var index = 0; index < 12; index++)
            folder.With($"Net{index}.cs", Sources.Saturated($"Net{index}")).With($"Trainer{index}.cs", Sources.Trainer($"Recurrent{index}")).With($"R{index}.cs", Sources.Recurrent($"Recurrent{index}"));

        var first = (await folder.RunAsync("analyze", ".", "--format", "sarif")).Output;

        Assert.Contains("Net11.cs", first);
        for (var run = 0; run < 3; run++)
            Assert.Equal(first, (await folder.RunAsync("analyze", ".", "--format", "sarif")).Output);
    }
}
