using GradGuard.Cli.Prediction;

namespace GradGuard.Cli.Formats.Predictions;

/// <summary>One way to write predictions down.</summary>
internal interface IPredictionFormat
{
    void Write(IReadOnlyList<ModelPrediction> predictions, TextWriter writer);
}
