using System.Reflection;
using System.Text.Json.Nodes;
using GradGuard.Cli.Tests.Running;
using NJsonSchema;

namespace GradGuard.Cli.Tests.Comparison;

/// <summary>The command: which runs are meant, what is written, and what it exits with.</summary>
public sealed class CompareTests : IDisposable
{
    private const int Steps = 60;

    private static readonly string SchemaFile = Path.Combine(
        typeof(CompareTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == "RepositoryRoot").Value!,
        "docs/schemas/comparison.schema.json");

    private readonly SourceFolder _folder = new();

    public CompareTests()
    {
        Write("base", seed: 1);
        Write("alike", seed: 2);
        Write("dead", seed: 3, dead: 0.9).Alert("GG9004").WriteTo(_folder.In("dead"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A run whose loss falls, with noise, and with a share of dead units at 'act1'.</summary>
    private WrittenRun Write(string name, int seed, double dead = 0.1, int steps = Steps, string activation = "act1")
    {
        var random = new Random(seed);
        var run = new WrittenRun();
        for (var step = 0; step < steps; step++)
        {
            var inactive = (int)(128 * dead) + random.Next(-4, 5);
            run.Step(
                step,
                2 * Math.Exp((-0.02 * step) + (0.05 * random.NextDouble())),
                [new { layer = activation, source = "fc1", calls = 1, mean = 0.1, rms = 1 + (0.1 * random.NextDouble()), zeroShare = 0.5, nonFinite = 0, units = 128, inactiveUnits = inactive }],
                ("fc1.weight", 1e-3 * (1 + (0.2 * random.NextDouble()))));
        }

        return run.WriteTo(_folder.In(name));
    }

    [Fact]
    public async Task ForAnotherSeed_IsSilentAndClean()
    {
        var result = await _folder.RunAsync("compare", "base", "alike");
        var lines = result.Output.ReplaceLineEndings("\n").Split('\n');

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal("gradguard compare: alike against base, steps 0 to 59 (all of both)", lines[0]);
        Assert.Equal("noise: that within the runs; how far two seeds lie apart is not known from one base, give several", lines[1]);
        Assert.EndsWith("no regression; 5 figures compared, 0 not\n", result.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task ForMoreDeadUnits_NamesTheLayer_AndTheNewAlert()
    {
        var result = await _folder.RunAsync("compare", "base", "dead");

        Assert.Equal((1, ""), (result.ExitCode, result.Errors));
        Assert.Matches(@"(?m)^  act1 +dead units +\d+(\.\d)?% +\d+(\.\d)?% +\+\d+(\.\d)? points +60 +< 0\.0001", result.Output);
        Assert.Contains("new alert GG9004 Warning at fc1, step 7: 128 of 128 units are dead", result.Output);
        Assert.Contains("1 figure worse in 1 layer, 1 new alert; 5 figures compared, 0 not", result.Output);
    }

    [Theory]
    [InlineData("base alike")]
    [InlineData("base dead")]
    [InlineData("base dead --base alike --steps 10..40")]
    public async Task Json_KeepsToTheSchema(string runs)
    {
        var schema = await JsonSchema.FromFileAsync(SchemaFile, TestContext.Current.CancellationToken);

        var result = await _folder.RunAsync(["compare", .. runs.Split(' '), "--format", "json"]);

        Assert.Empty(schema.Validate(result.Output));
        Assert.Equal(result.ExitCode == 1, result.Json["isRegression"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Json_HoldsEveryFigure_WorseOrNot()
    {
        var json = (await _folder.RunAsync("compare", "base", "dead", "--format", "json")).Json;

        var dead = Assert.Single(json["figures"]!.AsArray(), figure => figure!["isRegression"]!.GetValue<bool>())!;
        Assert.Equal(("act1", "deadShare", "higher"), (Text(dead, "layer"), Text(dead, "figure"), Text(dead, "change")));
        Assert.InRange(dead["difference"]!.GetValue<double>(), 0.75, 0.85);
        Assert.Equal(["loss", "gradientNorm", "updateRatio", "activationStd", "deadShare"], json["figures"]!.AsArray().Select(figure => Text(figure!, "figure")));
        Assert.Equal("GG9004", Text(Assert.Single(json["newAlerts"]!.AsArray())!, "id"));
    }

    [Fact]
    public async Task GitHub_AnnotatesTheLineOfTheLayer()
    {
        var lines = (await _folder.RunAsync("compare", "base", "dead", "--format", "github")).Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^::error file=Models/Net.cs,line=13,title=act1 got worse::dead units \d+(\.\d)?%25 → \d+(\.\d)?%25 \(", lines[0]);
        Assert.Equal("::error file=Models/Net.cs,line=12,title=GG9004 at fc1::128 of 128 units are dead", lines[1]);
        Assert.Empty((await _folder.RunAsync("compare", "base", "alike", "--format", "github")).Output);
    }

    [Fact]
    public async Task AFolderOfRuns_OrBaseSeveralTimes_AreSeeds()
    {
        foreach (var seed in new[] { 11, 12, 13 })
            Write($"seeds/{seed}", seed);

        var folder = (await _folder.RunAsync("compare", "seeds", "alike", "--format", "json")).Json;
        var named = await _folder.RunAsync("compare", "seeds/11", "dead", "--base", "seeds/12", "--base", "seeds/13");

        Assert.Equal(["seeds/11", "seeds/12", "seeds/13"], folder["bases"]!.AsArray().Select(one => Text(one!, "name")));
        Assert.Equal(("betweenBases", false), (Text(folder, "noise"), folder["isRegression"]!.GetValue<bool>()));
        Assert.Contains("noise: the spread between 3 bases", named.Output);
        Assert.Equal(1, named.ExitCode);
    }

    [Fact]
    public async Task OtherLengths_AreComparedWhereBothAre_AndSaid()
    {
        Write("short", seed: 4, steps: 25);

        Assert.Contains("steps 0 to 24 (base has 0 to 59)", (await _folder.RunAsync("compare", "base", "short")).Output);
        Assert.Contains("steps 30 to 50 (base has 0 to 59, alike has 0 to 59)", (await _folder.RunAsync("compare", "base", "alike", "--steps", "30..50")).Output);
        Assert.Contains("steps 30 to 59", (await _folder.RunAsync("compare", "base", "alike", "--steps", "30..")).Output);
    }

    [Fact]
    public async Task ARunThatWasKilled_IsComparedAsFarAsItGot()
    {
        Write("killed", seed: 5);
        File.Delete(_folder.In("killed/summary.json"));
        File.AppendAllText(_folder.In("killed/records.jsonl"), "{\"step\":60,\"losses\":[0.");

        var result = await _folder.RunAsync("compare", "base", "killed");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("cut short: killed, the last line of records.jsonl", result.Output);
    }

    [Fact]
    public async Task AnActivationCalledAsAFunction_IsTheSameWhenItsLineMoves()
    {
        Write("before", seed: 6, activation: "forward:relu@42");
        Write("after", seed: 7, dead: 0.8, activation: "forward:relu@57");

        var result = await _folder.RunAsync("compare", "before", "after");

        Assert.Matches(@"(?m)^  forward:relu +dead units", result.Output);
        Assert.Contains("5 figures compared, 0 not", result.Output);
    }

    [Fact]
    public async Task TheLimits_AreTheUsers()
    {
        Write("slower", seed: 8, dead: 0.25);

        Assert.Equal(1, (await _folder.RunAsync("compare", "base", "slower")).ExitCode);
        Assert.Equal(0, (await _folder.RunAsync("compare", "base", "slower", "--min-share", "0.3")).ExitCode);
    }

    [Fact]
    public async Task Output_ReplacesItsOwnFile_AndNoOther()
    {
        _folder.With("notes.txt", "mine");

        var first = await _folder.RunAsync("compare", "base", "alike", "--format", "json", "--output", "comparison.json");
        var second = await _folder.RunAsync("compare", "base", "dead", "--format", "json", "--output", "comparison.json");
        var text = await _folder.RunAsync("compare", "base", "dead", "--output", "comparison.txt");
        var again = await _folder.RunAsync("compare", "base", "dead", "--output", "comparison.txt");
        var refused = await _folder.RunAsync("compare", "base", "dead", "--output", "notes.txt");

        Assert.Equal((0, 1, 1, 1, 2), (first.ExitCode, second.ExitCode, text.ExitCode, again.ExitCode, refused.ExitCode));
        Assert.Equal(("", ""), (first.Output, refused.Output));
        Assert.True(JsonNode.Parse(File.ReadAllText(_folder.In("comparison.json")))!["isRegression"]!.GetValue<bool>());
        Assert.Contains("1 figure worse", File.ReadAllText(_folder.In("comparison.txt")));
        Assert.Equal("mine", File.ReadAllText(_folder.In("notes.txt")));
        Assert.Contains("is left alone", refused.Errors);
    }

    [Fact]
    public async Task Help_HasExamples()
    {
        var help = (await _folder.RunAsync("compare", "--help")).Output;

        Assert.Contains("gradguard compare runs/main runs/mine", help);
        Assert.Contains("--min-factor", help);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
