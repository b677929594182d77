using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>What a run writes keeps to the schemas in docs/schemas.</summary>
public sealed class RunSchemaTests : IDisposable
{
    private static readonly string Schemas = Path.Combine(
        typeof(RunSchemaTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static entry => entry.Key == "RepositoryRoot").Value!,
        "docs", "schemas");

    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("sigmoid", 3)]
    [InlineData("sigmoid", null)]
    [InlineData("rnn", 4)]
    [InlineData("nan", 1)]
    [InlineData("predicted", 1)]
    public void EveryFileOfARunKeepsToItsSchema(string model, int? every)
    {
        var directory = Train(model, every);

        Assert.Empty(Faults("run", [Read(Path.Combine(directory, "run.json"))]));
        if (model != "nan")
        {
            var preflight = Read(Path.Combine(directory, "preflight.json"));
            Assert.Empty(Faults("preflight", [preflight]));
            Assert.Equal(model == "predicted", preflight.GetProperty("layers")[0].TryGetProperty("predicted", out _));
            Assert.Equal(model == "predicted", preflight.TryGetProperty("remark", out _));
        }

        Assert.Empty(Faults("summary", [Read(Path.Combine(directory, "summary.json"))]));
        var records = Lines(directory, "records.jsonl");
        Assert.NotEmpty(records);
        Assert.Empty(Faults("record", records));
        var alerts = Lines(directory, "alerts.jsonl");
        Assert.Equal(model != "rnn", alerts.Count > 0);
        Assert.Empty(Faults("alert", alerts));
    }

    [Theory]
    [InlineData("id", "\"GG1001\"")]
    [InlineData("step", "-1")]
    [InlineData("step", "1.5")]
    [InlineData("severity", "\"Fatal\"")]
    [InlineData("evidence", "{\"share\": \"much\"}")]
    [InlineData("other", "1")]
    [InlineData("advice", null)]
    public void ALineThatBreaksTheSchemaIsFound(string property, string? value)
    {
        var line = JsonNode.Parse("""{"id":"GG9004","severity":"Info","layer":"","step":0,"message":"m","advice":"a","evidence":{"share":"NaN"}}""")!.AsObject();
        Assert.Empty(Faults("alert", [JsonSerializer.SerializeToElement(line)]));
        if (value is null)
            line.Remove(property);
        else
            line[property] = JsonNode.Parse(value);
        Assert.Single(Faults("alert", [JsonSerializer.SerializeToElement(line)]));
    }

    private string Train(string model, int? every)
    {
        var directory = Path.Combine(_root, "run");
        var run = new TrainingRun
        {
            Steps = 30,
            Options = new GradientMonitorOptions { RunDirectory = directory, SampleEvery = every },
            Input = batch => model switch { "rnn" => Models.AsSequence(batch), "nan" => batch / TorchSharp.torch.zeros(1), _ => batch.alias() },
        };
        run.Train(() => model switch
        {
            "rnn" => Reader.Rnn(8, null),
            "nan" => Models.Mlp(),
            "predicted" => new LargeStart(),
            _ => Models.Deep(1, 16, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 50)),
        });
        return directory;
    }

    private static List<string> Faults(string schema, IReadOnlyList<JsonElement> instances)
    {
        var check = new JsonSchema(Read(Path.Combine(Schemas, $"{schema}.schema.json")));
        return [.. instances.SelectMany(check.Faults)];
    }

    private static JsonElement Read(string path) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path));

    private static List<JsonElement> Lines(string directory, string file)
        => [.. File.ReadLines(Path.Combine(directory, file)).Select(static line => JsonSerializer.Deserialize<JsonElement>(line))];
}
