using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using GradGuard.Cli.Tests.Running;
using Microsoft.CodeAnalysis.Sarif;
using NJsonSchema;

namespace GradGuard.Cli.Tests.Check;

/// <summary>A verdict in the words of those who read it.</summary>
public sealed class CheckOutputTests : IDisposable
{
    private const string Source = "class Net\n{\n\n\n\n\n\n\n\n\n\n    private readonly Linear fc1 = Linear(784, 128);\n}\n";

    private readonly SourceFolder _folder = new();

    public CheckOutputTests()
    {
        new WrittenRun().Steps(30, _ => null)
            .Alert("GG9004", "Critical").Alert("GG9005", "Warning", "encoder.forward:relu@42", 9).Alert("GG9010", "Info", "fc2", 9)
            .WriteTo(_folder.In("runs/bad"));
        new WrittenRun().Steps(30).WriteTo(_folder.In("runs/good"));
        _folder.With("gradguard.json", "{\"limits\":{\"finalLoss\":0.5}}").With("src/App/Models/Net.cs", Source);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Text_ShowsTheLineThatMadeTheLayer_AndWhatFails()
    {
        var result = await RunAsync("--source", "src/App");
        var lines = result.Output.ReplaceLineEndings("\n").Split('\n');

        Assert.Equal((1, ""), (result.ExitCode, result.Errors));
        Assert.StartsWith("src/App/Models/Net.cs:12:5: error GG9004: fc1, step 7 of runs/bad: 128 of 128 units are dead.", lines[0]);
        Assert.Equal("    private readonly Linear fc1 = Linear(784, 128);", lines[1]);
        Assert.Equal("    " + new string('^', lines[1].Length - 4), lines[2]);
        Assert.EndsWith("docs/rules/GG9004.md", lines[3]);
        Assert.Contains("src/App/Models/Net.cs:42:1: warning GG9005: encoder.forward:relu@42, step 9 of runs/bad", result.Output);
        Assert.Contains("runs/bad/alerts.jsonl:3:1: info GG9010: fc2, step 9 of runs/bad", result.Output);
        Assert.Contains("runs/bad: limits.finalLoss was not judged: no loss was a single number", result.Output);
        Assert.Contains("runs/bad: failed (GG9004, GG9005), 30 steps of Models.Net", result.Output);
        Assert.Contains("runs/good/run.json:1:1: error limits.finalLoss: model in runs/good: the loss is 1, ", result.Output);
        Assert.Contains("2 of 2 runs failed; policy: gradguard.json", result.Output);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public async Task GitHub_AnnotatesTheLine()
    {
        var lines = (await RunAsync("--source", "src/App", "--format", "github")).Output.TrimEnd().ReplaceLineEndings("\n").Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.StartsWith("::error file=src/App/Models/Net.cs,line=12,endLine=12,col=5,endColumn=52,title=GG9004 Dead units::fc1, step 7 of runs/bad", lines[0]);
        Assert.StartsWith("::warning file=src/App/Models/Net.cs,line=42,", lines[1]);
        Assert.StartsWith("::notice file=runs/bad/alerts.jsonl,line=3,", lines[2]);
        Assert.StartsWith("::error file=runs/good/run.json,line=1,", lines[3]);
    }

    [Fact]
    public async Task Sarif_KeepsTheStandardsSchema_AndIsReadBack()
    {
        var text = (await RunAsync("--source", "src/App", "--format", "sarif")).Output;

        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "sarif-2.1.0.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(text));
        var run = Assert.Single(SarifLog.Load(new MemoryStream(Encoding.UTF8.GetBytes(text))).Runs);
        Assert.Equal(["GG9004", "GG9005", "GG9010", "limits.finalLoss"], run.Results.Select(result => result.RuleId));
        Assert.Equal([FailureLevel.Error, FailureLevel.Warning, FailureLevel.Note, FailureLevel.Error], run.Results.Select(result => result.Level));
        var location = Assert.Single(run.Results[0].Locations);
        Assert.Equal(("src/App/Models/Net.cs", 12), (location.PhysicalLocation.ArtifactLocation.Uri.OriginalString, location.PhysicalLocation.Region.StartLine));
        Assert.Equal("fc1", Assert.Single(location.LogicalLocations).FullyQualifiedName);
        Assert.EndsWith("docs/rules/GG9004.md", run.Results[0].GetRule(run).HelpUri.AbsoluteUri);
        Assert.Equal("Dead units", run.Results[0].GetRule(run).ShortDescription.Text);
    }

    /// <summary>As test reports read it: counts that add up, a name and class for each case, at most one outcome in it.</summary>
    [Fact]
    public async Task JUnit_HasASuiteARun_AndACaseADetectorAndLimit()
    {
        new WrittenRun().Steps(3).Alert("GG9001", message: "NaN in <fc1> & \u0001\u001b beyond").WriteTo(_folder.In("runs/odd"));
        var root = XDocument.Parse((await RunAsync("--format", "junit")).Output).Root!;

        Assert.Equal("testsuites", root.Name.LocalName);
        Assert.Equal(["runs/bad", "runs/good", "runs/odd"], root.Elements("testsuite").Select(suite => suite.Attribute("name")!.Value));
        foreach (var element in root.DescendantsAndSelf().Where(element => element.Name.LocalName is "testsuites" or "testsuite"))
        {
            var cases = element.Descendants("testcase").ToList();
            Assert.Equal(
                (cases.Count, cases.Elements("failure").Count(), 0, cases.Elements("skipped").Count()),
                (Number(element, "tests"), Number(element, "failures"), Number(element, "errors"), Number(element, "skipped")));
        }

        foreach (var suite in root.Elements("testsuite"))
        {
            var cases = suite.Elements("testcase").ToList();
            Assert.Equal(13 + 2, cases.Count);
            Assert.Equal(cases.Count, cases.DistinctBy(element => element.Attribute("name")!.Value).Count());
            Assert.All(cases, element => Assert.Equal(suite.Attribute("name")!.Value, element.Attribute("classname")!.Value));
            Assert.All(cases, element => Assert.InRange(element.Elements().Count(), 0, 1));
        }

        var failures = root.Elements("testsuite").First().Descendants("failure").ToList();
        Assert.Equal(["GG9004", "GG9005"], failures.Select(failure => failure.Attribute("type")!.Value));
        Assert.StartsWith("fc1, step 7 of runs/bad: 128 of 128 units are dead.", failures[0].Attribute("message")!.Value);
        Assert.Contains("NaN in <fc1> &  beyond", root.Descendants("failure").Single(failure => failure.Attribute("type")!.Value == "GG9001").Value);
    }

    /// <summary>Silence where nobody looked is no health: it is skipped, and said.</summary>
    [Fact]
    public async Task WhatWasNotLookedFor_IsNoPass()
    {
        var run = new WrittenRun().Steps(30);
        run.Summary!["notEvaluated"] = new JsonArray(
            new JsonObject { ["id"] = "GG9008", ["layer"] = "", ["reason"] = "30 steps were observed" },
            new JsonObject { ["id"] = "GG9004", ["layer"] = "fc2", ["reason"] = "it never ran" },
            new JsonObject { ["id"] = "GG9005", ["layer"] = "fc2", ["reason"] = "it never ran" });
        run.WriteTo(_folder.In("short/run"));
        _folder.With("short/gradguard.json", "{}");

        var text = (await CommandResult.OfAsync(_folder.In("short"), "check", "run")).Output;
        var suite = XDocument.Parse((await CommandResult.OfAsync(_folder.In("short"), "check", "run", "--format", "junit")).Output).Root!.Elements().Single();

        Assert.Contains("run: GG9008 was not judged: 30 steps were observed", text);
        Assert.Contains("run: fc2 was not judged for GG9004, GG9005: it never ran", text);
        Assert.Equal("30 steps were observed", suite.Descendants("skipped").Single().Attribute("message")!.Value);
        Assert.StartsWith("GG9008", suite.Descendants("skipped").Single().Parent!.Attribute("name")!.Value);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("sarif")]
    [InlineData("github")]
    [InlineData("junit")]
    public async Task TheFile_HoldsWhatStandardOutputWouldHave(string format)
    {
        var direct = await RunAsync("--format", format);

        var toFile = await RunAsync("--format", format, "--output", "verdict");

        Assert.Equal((direct.ExitCode, "", ""), (toFile.ExitCode, toFile.Output, toFile.Errors));
        Assert.Equal(direct.Output, File.ReadAllText(_folder.In("verdict")));
        Assert.NotEmpty(direct.Output);
    }

    /// <summary>A verdict takes the place of an earlier one, also of another format where that can be told; text cannot.</summary>
    [Theory]
    [InlineData("json", true)]
    [InlineData("sarif", true)]
    [InlineData("junit", true)]
    [InlineData("text", false)]
    [InlineData("github", false)]
    public async Task OnlyWhatIsKnownForTheToolsOwn_IsReplaced(string format, bool replaced)
    {
        await RunAsync("--format", format, "--output", "verdict");
        var before = File.ReadAllText(_folder.In("verdict"));
        new WrittenRun().Steps(3).Alert("GG9001").WriteTo(_folder.In("runs/later"));

        var again = await RunAsync("--format", format, "--output", "verdict");

        Assert.Equal(replaced ? 1 : 2, again.ExitCode);
        Assert.Equal(replaced, File.ReadAllText(_folder.In("verdict")) != before);
        Assert.Equal(replaced, again.Errors.Length == 0);
    }

    /// <summary>Test reports of others begin in much the same way.</summary>
    [Theory]
    [InlineData("<testsuites name=\"xunit\"></testsuites>")]
    [InlineData("<?xml version=\"1.0\"?><testsuites name=\"gradguard check\"></testsuites>")]
    public async Task ATestReportOfOthers_IsLeftAlone(string report)
    {
        _folder.With("report.xml", report);

        var result = await RunAsync("--format", "junit", "--output", "report.xml");

        Assert.Equal((2, report), (result.ExitCode, File.ReadAllText(_folder.In("report.xml"))));
    }

    [Fact]
    public async Task Help_ShowsExamples()
    {
        var result = await _folder.RunAsync("check", "--help");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("gradguard check runs --format junit --output gradguard.xml", result.Output);
    }

    private static int Number(XElement element, string attribute) => (int)element.Attribute(attribute)!;

    private Task<CommandResult> RunAsync(params string[] options) => _folder.RunAsync(["check", "runs", .. options]);
}
