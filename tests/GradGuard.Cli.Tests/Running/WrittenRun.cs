using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GradGuard.Cli.Tests.Running;

/// <summary>A run directory written by hand, as the schemas in docs/schemas have it.</summary>
internal sealed class WrittenRun
{
    private readonly List<string> _records = [];
    private readonly List<string> _alerts = [];

    /// <summary>Contents of <c>run.json</c>, to be changed at will.</summary>
    public JsonObject Header { get; } = Object(new
    {
        schema = 1,
        started = "2026-01-02T03:04:05+00:00",
        model = "Models.Net",
        layers = new object[]
        {
            new { path = "", type = "Models.Net" },
            new { path = "fc1", type = "TorchSharp.Modules.Linear", fanIn = 784, units = 128, file = "Models/Net.cs", line = 12 },
            new { path = "act1", type = "TorchSharp.Modules.ReLU", file = "Models/Net.cs", line = 13 },
            new { path = "fc2", type = "TorchSharp.Modules.Linear", fanIn = 128, units = 10 },
        },
        activations = new object[] { new { name = "Net.forward:relu@42", file = "Models/Net.cs", line = 42 } },
        settings = new { overheadBudget = 0.02, onAlert = "Continue", alertCooldown = 500, escalateAfter = 2000, mutes = Array.Empty<object>(), thresholds = new { StuckPatience = 400 } },
        versions = new { gradGuard = "0.1.0.0", torchSharp = "0.107.0.0", runtime = "10.0.0" },
    });

    /// <summary>Contents of <c>summary.json</c>, to be changed at will; not written where null.</summary>
    public JsonObject? Summary { get; set; } = Object(new
    {
        schema = 1,
        steps = 100,
        sampledSteps = 100,
        monitorSeconds = 0.1,
        runSeconds = 10.0,
        overhead = 0.01,
        alerts = new { },
        notEvaluated = Array.Empty<object>(),
        code = new { forwardCalls = 0, activations = 0, activationsSeen = 0, hidden = Array.Empty<object>() },
        skippedTensors = 0,
        recordFiles = new[] { "records.jsonl" },
    });

    /// <summary>Adds a line of records.</summary>
    /// <param name="step">Number of the step.</param>
    /// <param name="loss">Its loss; NaN and infinities too.</param>
    /// <param name="updates">Ratios, by parameter.</param>
    /// <param name="layers">As the schema has them.</param>
    public WrittenRun Step(long step, double? loss = 1, object[]? layers = null, params (string Name, double Ratio)[] updates)
    {
        _records.Add(Line(new
        {
            step,
            losses = new[] { loss },
            parameters = new[] { new { name = "fc1.weight", weightNorm = 4.0, gradientNorm = 0.5, nonFinite = 0 } },
            updates = updates.Select(update => new { name = update.Name, norm = 4 * update.Ratio, ratio = update.Ratio }),
            layers = layers ?? [],
        }));
        return this;
    }

    /// <summary>Adds steps from 0 that are all alike.</summary>
    public WrittenRun Steps(int count, Func<int, double?>? loss = null, object[]? layers = null, params (string Name, double Ratio)[] updates)
    {
        for (var step = 0; step < count; step++)
            Step(step, loss is null ? 1 : loss(step), layers, updates);
        return this;
    }

    public WrittenRun Alert(string id, string severity = "Warning", string layer = "fc1", long step = 7, string message = "128 of 128 units are dead", string advice = "Start the layer with kaiming_normal_ weights.")
    {
        _alerts.Add(Line(new { id, severity, layer, step, message, advice, evidence = new { share = 0.75 } }));
        return this;
    }

    /// <summary>Writes the files into a folder, created when missing.</summary>
    public WrittenRun WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "run.json"), Header.ToJsonString());
        File.WriteAllText(Path.Combine(directory, "records.jsonl"), string.Concat(_records));
        File.WriteAllText(Path.Combine(directory, "alerts.jsonl"), string.Concat(_alerts));
        if (Summary is not null)
            File.WriteAllText(Path.Combine(directory, "summary.json"), Summary.ToJsonString());
        return this;
    }

    private static string Line(object value) => JsonSerializer.Serialize(value, Options) + "\n";

    private static JsonObject Object(object value) => JsonSerializer.SerializeToNode(value)!.AsObject();

    private static JsonSerializerOptions Options { get; } = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
