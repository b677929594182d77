using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Graph.Building;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using GradGuard.Cli.Input;
using Microsoft.CodeAnalysis;

namespace GradGuard.Cli.Prediction;

/// <summary>Predicts the start of training for each model in some sources: every module class with layers, and methods that multiply by hand.</summary>
/// <param name="workingDirectory">Full path that paths are told from.</param>
internal sealed class SourcePrediction(string workingDirectory)
{
    /// <summary>The models by path and line.</summary>
    public IReadOnlyList<ModelPrediction> Run(LoadedTarget target, IProgress<string> progress, CancellationToken cancellation)
    {
        var predictions = new List<ModelPrediction>();
        foreach (var (index, unit) in target.Units.Index())
        {
            progress.Report($"predicting {index + 1} of {target.Units.Count}: {unit.Name}");
            predictions.AddRange(Predict(unit, cancellation));
        }

        return [.. predictions
            .OrderBy(prediction => prediction.Path, StringComparer.Ordinal).ThenBy(prediction => prediction.Line).ThenBy(prediction => prediction.Model, StringComparer.Ordinal)
            .DistinctBy(prediction => (prediction.Path, prediction.Line, prediction.Model))];
    }

    private IEnumerable<ModelPrediction> Predict(SourceUnit unit, CancellationToken cancellation)
    {
        if (TorchSymbols.TryCreate(unit.Compilation) is not { } torch)
            yield break;
        var types = CompiledTypes.In(unit.Compilation);
        var resolver = OperationResolver.OfModels(unit.Compilation.SyntaxTrees.Select(tree => unit.Compilation.GetSemanticModel(tree)), types);
        foreach (var graph in types.SelectMany(type => GraphBuilder.BuildAll(type, resolver, torch, cancellation)))
        {
            var table = PredictionTable.Of(SignalReport.Compute(graph));
            if (table.Rows.Count > 0 && (graph.IsModule || table.Rows.Any(row => row.IsByHand)))
                yield return Prediction(graph, table);
        }
    }

    private ModelPrediction Prediction(ModelGraph graph, PredictionTable table)
    {
        var name = graph.IsModule ? graph.Name : $"{graph.Type.Name}.{graph.Name}";
        var symbol = graph.IsModule ? graph.Type : graph.Type.GetMembers(graph.Name).FirstOrDefault() ?? graph.Type;
        var place = symbol.Locations.First(location => location.IsInSource).GetLineSpan();
        return new(name, DisplayPath.Of(place.Path, workingDirectory), place.StartLinePosition.Line + 1, table);
    }
}
