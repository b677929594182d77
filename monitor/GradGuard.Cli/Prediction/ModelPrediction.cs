using GradGuard.Analyzers.Signal;

namespace GradGuard.Cli.Prediction;

/// <summary>What is predicted of one model of the sources.</summary>
/// <param name="Model">The class, or the method that computes with tensors itself.</param>
/// <param name="Path">Its file, as <see cref="Input.DisplayPath"/> shows it.</param>
/// <param name="Line">Where it is declared, from 1.</param>
/// <param name="Table">Layer by layer.</param>
internal sealed record ModelPrediction(string Model, string Path, int Line, PredictionTable Table);
