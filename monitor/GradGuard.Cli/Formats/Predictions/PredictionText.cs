using GradGuard.Cli.Prediction;

namespace GradGuard.Cli.Formats.Predictions;

/// <summary>Tables with aligned columns.</summary>
internal sealed class PredictionText : IPredictionFormat
{
    public void Write(IReadOnlyList<ModelPrediction> predictions, TextWriter writer)
    {
        foreach (var prediction in predictions)
        {
            writer.WriteLine($"{prediction.Path}:{prediction.Line}: {prediction.Model}");
            foreach (var line in prediction.Table.Lines())
                writer.WriteLine("  " + line);
            writer.WriteLine();
        }

        writer.WriteLine(predictions.Count == 1 ? "1 model" : $"{predictions.Count} models");
    }
}
