using System.Text;
using GradGuard.Cli.Tests.Running;
using Microsoft.CodeAnalysis.Sarif;
using NJsonSchema;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary>SARIF as others read it: checked against the standard's schema, and read back by Microsoft's SARIF SDK.</summary>
public class SarifTests
{
    [Fact]
    public async Task TheLog_KeepsTheStandardsSchema()
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "sarif-2.1.0.json"), TestContext.Current.CancellationToken);

        Assert.Empty(schema.Validate(await WriteAsync()));
        Assert.NotEmpty(schema.Validate((await WriteAsync()).Replace("\"startLine\"", "\"beginLine\"")));
    }

    [Fact]
    public async Task TheSdk_ReadsResultsPlacesRulesAndSymbols()
    {
        var log = Read(await WriteAsync());
        var run = Assert.Single(log.Runs);

        Assert.Equal("GradGuard", run.Tool.Driver.Name);
        var result = run.Results.Single(result => result.RuleId == "GG1002");
        Assert.Equal(FailureLevel.Warning, result.Level);
        Assert.StartsWith("Weights of std 1 over fan-in 784", result.Message.Text);
        var rule = result.GetRule(run);
        Assert.Equal(("GG1002", "Weights start with too large a spread"), (rule.Id, rule.ShortDescription.Text));
        Assert.EndsWith("docs/rules/GG1002.md", rule.HelpUri.AbsoluteUri);
        var location = Assert.Single(result.Locations);
        Assert.Equal("models/a%20b/Net.cs", location.PhysicalLocation.ArtifactLocation.Uri.OriginalString);
        Assert.Equal((11, 9, 11, 33), (location.PhysicalLocation.Region.StartLine, location.PhysicalLocation.Region.StartColumn,
            location.PhysicalLocation.Region.EndLine, location.PhysicalLocation.Region.EndColumn));
        Assert.Equal("Net..ctor", Assert.Single(location.LogicalLocations).FullyQualifiedName);
        Assert.Equal(FailureLevel.Note, run.Results.First(result => result.RuleId == "GG6001").Level);
    }

    [Fact]
    public async Task TheSdk_FindsTheFileUnderItsRoot()
    {
        using var folder = Folder();
        var run = Read((await folder.RunAsync("analyze", ".", "--format", "sarif")).Output).Runs[0];
        var artifact = run.Results[0].Locations[0].PhysicalLocation.ArtifactLocation;

        Assert.True(artifact.TryReconstructAbsoluteUri(run.OriginalUriBaseIds, out var uri));
        Assert.True(File.Exists(uri.LocalPath), uri.LocalPath);
    }

    /// <summary>What code scanning on GitHub asks of a log beyond the standard: texts of each rule, relative paths, its own fingerprint, a level.</summary>
    [Fact]
    public async Task CodeScanning_HasWhatItAsksFor()
    {
        var run = Read(await WriteAsync()).Runs[0];

        Assert.All(run.Tool.Driver.Rules, rule =>
        {
            Assert.NotEmpty(rule.ShortDescription.Text);
            Assert.NotEmpty(rule.FullDescription.Text);
            Assert.Contains(rule.HelpUri.AbsoluteUri, rule.Help.Text);
            Assert.Contains($"[{rule.Id}]({rule.HelpUri.AbsoluteUri})", rule.Help.Markdown);
            Assert.NotEmpty(rule.Tags);
        });
        Assert.All(run.Results, result =>
        {
            Assert.NotEqual(FailureLevel.None, result.Level);
            Assert.Equal(result.RuleId, run.Tool.Driver.Rules[result.RuleIndex].Id);
            var place = result.Locations[0].PhysicalLocation;
            Assert.False(place.ArtifactLocation.Uri.IsAbsoluteUri);
            Assert.Contains(place.ArtifactLocation.UriBaseId, run.OriginalUriBaseIds.Keys);
            Assert.EndsWith("/", run.OriginalUriBaseIds[place.ArtifactLocation.UriBaseId].Uri.AbsoluteUri);
            Assert.True(place.Region.StartLine > 0 && place.Region.StartColumn > 0);
            Assert.Matches("^[0-9a-f]{16}:1$", result.PartialFingerprints["primaryLocationLineHash"]);
        });
        Assert.Equal(run.Results.Count, run.Results.Select(result => result.PartialFingerprints["primaryLocationLineHash"]).Distinct().Count());
    }

    [Fact]
    public async Task Fingerprints_OutliveMovedLines_AndTellCopiesApart()
    {
        const string Twice = "fc2.forward(functional.sigmoid(fc1.call(x))) + fc2.forward(functional.sigmoid(fc1.call(x)))";
        using var folder = new SourceFolder().With("Net.cs", Sources.ForwardCalled());
        var before = await FingerprintsAsync(folder);
        folder.With("moved/Net.cs", "// moved\n\n" + Sources.ForwardCalled().Replace("fc2.forward(functional.sigmoid(fc1.call(x)))", Twice));
        File.Delete(folder.In("Net.cs"));

        var behind = await FingerprintsAsync(folder);

        Assert.Equal((1, 2), (before.Count, behind.Distinct().Count()));
        Assert.All(behind, fingerprint => Assert.Matches("^[0-9a-f]{16}:[12]$", fingerprint));
        folder.With("moved/Net.cs", "// moved\n\n" + Sources.ForwardCalled());
        Assert.Equal(before, await FingerprintsAsync(folder));
    }

    [Fact]
    public async Task WithoutFindings_TheLogSaysSo()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Healthy());

        Assert.Empty(Read((await folder.RunAsync("analyze", ".", "--format", "sarif")).Output).Runs[0].Results);
    }

    private static async Task<List<string>> FingerprintsAsync(SourceFolder folder) =>
        [.. Read((await folder.RunAsync("analyze", ".", "--format", "sarif")).Output).Runs[0].Results.Select(result => result.PartialFingerprints["primaryLocationLineHash"])];

    private static SourceFolder Folder() =>
        new SourceFolder().With("models/a b/Net.cs", Sources.Saturated()).With("Called.cs", Sources.ForwardCalled("Called"));

    private static async Task<string> WriteAsync()
    {
        using var folder = Folder();
        return (await folder.RunAsync("analyze", ".", "--format", "sarif")).Output;
    }

    private static SarifLog Read(string text) => SarifLog.Load(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
