using System.Reflection;
using GradGuard.Cli.Checking;
using GradGuard.Cli.Input;
using GradGuard.Cli.Tests.Running;
using NJsonSchema;

namespace GradGuard.Cli.Tests.Check;

/// <summary>A policy means what it says: what is not understood is refused with its place, by the reader and by the schema alike.</summary>
public sealed class PolicyFileTests : IDisposable
{
    private static readonly string Root = typeof(PolicyFileTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "RepositoryRoot").Value!;

    private const string Everything = """
        {
          "$schema": "policy.schema.json",
          "failOn": "critical",
          "alerts": [ { "id": "GG901?", "layer": "encoder.*", "action": "ignore" }, { "id": "GG9004", "action": "fail" } ],
          "limits": {
            "inactiveShare": 0.5, "saturatedShare": 0.25, "updateRatio": { "min": 1e-6, "max": 0.1 }, "finalLoss": -2.5, "nonFiniteLosses": 3,
            "except": [ "head", "*.bias" ]
          },
          "require": { "steps": 100, "complete": true, "seenLayers": 0.75, "noHiddenCode": true, "evaluated": [ "*" ], "limitsJudged": true }
        }
        """;

    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EveryKey_IsRead()
    {
        Assert.Empty((await SchemaAsync()).Validate(Everything));
        var policy = Read(Everything);

        Assert.Equal(FailOn.Critical, policy.FailOn);
        Assert.Equal([new("GG901?", "encoder.*", AlertAction.Ignore), new("GG9004", "*", AlertAction.Fail)], policy.Alerts);
        Assert.Equal(["head", "*.bias"], policy.Limits.Except);
        Assert.Equal(
            new() { InactiveShare = 0.5, SaturatedShare = 0.25, LeastUpdateRatio = 1e-6, LargestUpdateRatio = 0.1, FinalLoss = -2.5, NonFiniteLosses = 3, Except = policy.Limits.Except },
            policy.Limits);
        Assert.Equal(["*"], policy.Require.Evaluated);
        Assert.Equal(
            new() { Steps = 100, Complete = true, SeenLayers = 0.75, NoHiddenCode = true, LimitsJudged = true, Evaluated = policy.Require.Evaluated },
            policy.Require);
    }

    /// <summary>A key that the schema knew and the reader did not, or the other way round, would show here.</summary>
    [Fact]
    public async Task TheSchema_KnowsTheKeysOfTheExampleAndNoOthers()
    {
        var schema = await SchemaAsync();
        var known = new[] { schema, schema.Properties["alerts"].Item!, schema.Properties["limits"], schema.Properties["limits"].Properties["updateRatio"], schema.Properties["require"] }
            .SelectMany(node => node.Properties.Keys);

        Assert.Equal(known.Order(StringComparer.Ordinal), known.Where(key => Everything.Contains($"\"{key}\":")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{\"failon\":\"none\"}", "1:2: 'failon' is not known here: $schema, failOn, alerts, limits, require")]
    [InlineData("{\n  \"limits\": {\n    \"deadShare\": 0.5\n  }\n}", "3:5: 'deadShare' is not known here: inactiveShare, ")]
    [InlineData("{\"require\":{\"step\":1}}", "1:13: 'step' is not known here")]
    [InlineData("{\"alerts\":[{\"id\":\"GG9004\",\"action\":\"ignore\",\"why\":\"\"}]}", "1:45: 'why' is not known here")]
    [InlineData("{\"limits\":{\"updateRatio\":{\"least\":1}}}", "1:27: 'least' is not known here: min, max")]
    [InlineData("{\"failOn\":\"error\"}", "1:11: expected here: info, warning, critical, none")]
    [InlineData("{\"failOn\":\"Warning\"}", "1:11: expected here: ")]
    [InlineData("{\"failOn\":1}", "1:11: expected here: ")]
    [InlineData("{\"alerts\":{}}", "1:11: an array is expected here")]
    [InlineData("{\"alerts\":[7]}", "1:12: an object is expected here")]
    [InlineData("{\"alerts\":[{\"action\":\"ignore\"}]}", "1:12: 'id' is missing")]
    [InlineData("{\"alerts\":[{\"id\":\"GG9004\"}]}", "1:12: 'action' is missing")]
    [InlineData("{\"alerts\":[{\"id\":\"GG9004\",\"layer\":3,\"action\":\"fail\"}]}", "1:35: a text is expected here")]
    [InlineData("{\"limits\":{\"inactiveShare\":1.5}}", "1:28: a number of at most 1 is expected here")]
    [InlineData("{\"limits\":{\"saturatedShare\":-0.5}}", "1:29: a number of at least 0 is expected here")]
    [InlineData("{\"limits\":{\"finalLoss\":\"low\"}}", "1:24: a number is expected here")]
    [InlineData("{\"limits\":{\"nonFiniteLosses\":0.5}}", "1:30: a whole number is expected here")]
    [InlineData("{\"limits\":{\"except\":\"head\"}}", "1:21: an array is expected here")]
    [InlineData("{\"limits\":[]}", "1:11: an object is expected here")]
    [InlineData("{\"require\":{\"complete\":1}}", "1:24: true or false is expected here")]
    [InlineData("{\"require\":{\"steps\":-1}}", "1:21: a number of at least 0 is expected here")]
    [InlineData("[]", "1:1: an object is expected here")]
    [InlineData("null", "1:1: an object is expected here")]
    public async Task WhatIsNotUnderstood_IsRefusedWithItsPlace(string text, string expected)
    {
        Assert.NotEmpty((await SchemaAsync()).Validate(text));
        Assert.Contains($"gradguard.json:{expected}", Refusal(text));
    }

    [Theory]
    [InlineData("", "gradguard.json:1:1: it is not JSON")]
    [InlineData("{\"failOn\":", "gradguard.json:1:11: it is not JSON")]
    [InlineData("{}\n{}", "gradguard.json:2:1: it is not JSON")]
    [InlineData("{\"failOn\":\"none\",\"failOn\":\"info\"}", "gradguard.json:1:18: 'failOn' stands here twice")]
    [InlineData("{\"alerts\":[{\"id\":\"GG1001\",\"action\":\"ignore\"}]}", "gradguard.json:1:18: no alert has the number GG1001")]
    [InlineData("{\"limits\":{\"finalLoss\":1e999}}", "gradguard.json:1:24: a number is expected here")]
    [InlineData("{\"$schema\":\"\\ud800\"}", "gradguard.json: it holds a text that is not UTF-8")]
    public void WhatNoSchemaTells_IsRefusedToo(string text, string expected) => Assert.Contains(expected, Refusal(text));

    [Fact]
    public void CommentsTrailingCommasAndAByteOrderMark_AreTaken() => Assert.Equal(FailOn.None, Read("\uFEFF{ // why\n \"failOn\": \"none\", /* all */ }").FailOn);

    [Fact]
    public void AnEmptyPolicy_IsTheDefaultOne()
    {
        var (empty, standard) = (Read("{}"), Policy.Default);
        Assert.Equal((standard.FailOn, 0, standard.Require.Steps), (empty.FailOn, empty.Alerts.Count, empty.Require.Steps));
        Assert.Null(empty.Limits.FinalLoss);
    }

    [Fact]
    public async Task TheExampleInTheDocumentation_IsAPolicy()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "cli.md"));
        var start = page.IndexOf("```json", page.IndexOf("### The policy", StringComparison.Ordinal), StringComparison.Ordinal) + "```json".Length;
        var example = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];

        Assert.Equal(0.9, Read(example).Limits.FinalLoss);
        Assert.Empty((await SchemaAsync()).Validate(example));
    }

    [Fact]
    public void Titles_AreThoseOfThePages() => Assert.Equal(
        AlertCatalogue.Titles.Select(title => $"# {title.Key}: {title.Value}"),
        Directory.GetFiles(Path.Combine(Root, "docs", "rules"), "GG9*.md").Order(StringComparer.Ordinal).Select(page => File.ReadLines(page).First()));

    private Policy Read(string text) => PolicyFile.Read(_folder.With("gradguard.json", text).In("gradguard.json"));

    private string Refusal(string text)
    {
        var message = Assert.Throws<InputException>(() => Read(text)).Message;
        Assert.DoesNotContain("\n", message);
        return message;
    }

    private static Task<JsonSchema> SchemaAsync() => JsonSchema.FromFileAsync(Path.Combine(Root, "docs", "schemas", "policy.schema.json"), TestContext.Current.CancellationToken);
}
