using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Graph.Building;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using GradGuard.Instrumentation.Sites;
using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation.Prediction;

/// <summary>Predicts the start of training of each module class of a compilation, with the figures of <c>gradguard predict</c>.</summary>
internal static class ModelPredictor
{
    /// <summary>The classes of which anything is known, or that could not be looked at.</summary>
    public static IEnumerable<PredictedModel> Predict(Compilation compilation, CancellationToken cancellation)
    {
        if (TorchSymbols.TryCreate(compilation) is not { } torch)
            yield break;
        var types = CompiledTypes.In(compilation);
        var resolver = OperationResolver.OfModels(compilation.SyntaxTrees.Select(tree => compilation.GetSemanticModel(tree)), types);
        foreach (var type in types.Where(type => torch.IsUserModule(type) && !type.IsAbstract))
        {
            var model = Predict(type, resolver, torch, cancellation);
            if (model.Fault.Length > 0 || model.Layers.Any(static layer => !double.IsNaN(layer.Std)))
                yield return model;
        }
    }

    private static PredictedModel Predict(INamedTypeSymbol type, OperationResolver resolver, TorchSymbols torch, CancellationToken cancellation)
    {
        var name = SourceNames.MetadataName(type);
        try
        {
            return new(name, LayersOf(SignalReport.Compute(GraphBuilder.BuildModule(type, resolver, torch, cancellation))));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A prediction is worth less than the user's build, which an exception would warn in or break: it is told in the generated file.
            return new(name, [], fault.Message);
        }
    }

    private static IReadOnlyList<PredictedLayer> LayersOf(SignalReport report)
    {
        var rows = PredictionTable.Of(report).Rows;
        var recurrences = new Recurrences(report.Graph);
        var used = report.PreActivations.Select((signal, index) => (Layer: LayerOf(signal.Node), Predicted: Predicted(rows[index], signal, recurrences)))
            .Where(static entry => entry.Layer is { Path.Length: > 0 }).ToList();
        var others = report.Graph.Layers.Where(layer => layer.Path.Length > 0 && !used.Exists(entry => entry.Layer == layer));

        // A layer that runs in several places has several starts, and a run measures them together.
        return
        [
            .. used.GroupBy(static entry => entry.Predicted.Path).Select(static uses => uses.Count() == 1 ? uses.Single().Predicted : new PredictedLayer(uses.Key)),
            .. others.Select(static layer => layer.Path).Except(used.Select(static entry => entry.Predicted.Path)).Select(static path => new PredictedLayer(path)),
        ];
    }

    private static PredictedLayer Predicted(PredictionRow row, NodeSignal signal, Recurrences recurrences) => new(row.Layer)
    {
        FanIn = Number(row.FanIn),
        WeightRms = signal.Node is AffineNode { Layer: var layer } && WeightMoments.Of(layer) is { } weights ? Math.Sqrt(weights.Variance + (weights.Mean * weights.Mean)) : double.NaN,
        Std = Number(row.PreActivationStd),
        SaturatedShare = Number(row.SaturatedShare),
        DeadShare = Number(row.DeadShare),
        GradientRatio = recurrences.Hold(signal.Node) ? double.NaN : Number(row.GradientRatio),
        AssumesUnitInput = signal.AssumesUnitInput,
        BehindRecurrence = recurrences.StandBefore(signal.Node),
    };

    private static Layer? LayerOf(GraphNode node) => node switch
    {
        AffineNode affine => affine.Layer,
        RecurrentLayerNode recurrent => recurrent.Layer,
        _ => null,
    };

    /// <summary>What overflows is not known either: a run would not measure infinity.</summary>
    private static double Number(double? value) => value is { } known && !double.IsInfinity(known) ? known : double.NaN;
}
