using System.Text.Json;
using System.Text.Json.Serialization;
using GradGuard.Cli.Prediction;

namespace GradGuard.Cli.Formats.Predictions;

/// <summary>Numbers in full; what is not known is left out, and what overflows is the string "Infinity".</summary>
internal sealed class PredictionJson : IPredictionFormat
{
    private static readonly JsonSerializerOptions Options = new(Json.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public void Write(IReadOnlyList<ModelPrediction> predictions, TextWriter writer) => writer.WriteLine(JsonSerializer.Serialize(
        new
        {
            Tool = ToolInfo.Name,
            ToolInfo.Version,
            Models = predictions.Select(prediction => new
            {
                prediction.Model,
                prediction.Path,
                prediction.Line,
                Layers = prediction.Table.Rows,
                prediction.Table.Notes,
            }),
        },
        Options));
}
