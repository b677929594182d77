using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// Which of the predictions made from the code apply to the model that runs. The code was followed with a constructor's default arguments, and
/// not into everything: where the model is another one, or a layer that nobody predicted stands before, nothing is said.
/// </summary>
internal sealed class PreflightPredictions
{
    private readonly Dictionary<string, LayerPrediction> _applying = [];
    private readonly double? _lastGradient;

    /// <param name="predictions">Of each layer that the code creates.</param>
    /// <param name="layers">Layers with weights, in the order of the forward pass.</param>
    /// <param name="parameters">The model's parameters at its first step.</param>
    public PreflightPredictions(IReadOnlyList<LayerPrediction> predictions, IReadOnlyList<LayerDescription> layers, IReadOnlyList<ParameterRecord> parameters)
    {
        BuiltOtherwise = OtherLayer(predictions, layers, parameters);
        if (BuiltOtherwise is not null)
            return;
        var followed = layers.TakeWhile(layer => predictions.Any(prediction => Covers(prediction.Path, layer.Path))).ToList();
        foreach (var layer in followed)
        {
            if (predictions.FirstOrDefault(prediction => prediction.Path == layer.Path) is { } prediction)
                _applying[layer.Path] = prediction;
        }

        // What comes back to a layer depends on all that stand behind it.
        if (followed.Count == layers.Count && followed.Count > 0)
            _lastGradient = Of(followed[^1].Path)?.GradientRatio;
    }

    /// <summary>Those that apply to the model of a step; null where there are none.</summary>
    public static PreflightPredictions? At(StepRecord record, IReadOnlyList<LayerPrediction>? predictions) => predictions is null ? null
        : new(predictions, [.. record.Layers.Select(static layer => layer.Source).OfType<LayerDescription>().Where(static source => source.HasWeights).Distinct()], record.Parameters);

    /// <summary>What shows that the model is not the one that was predicted; null where nothing does.</summary>
    public string? BuiltOtherwise { get; }

    /// <summary>The prediction of a layer; null where there is none that applies.</summary>
    public LayerPrediction? Of(string path) => _applying.GetValueOrDefault(path);

    /// <summary>RMS gradient by a layer's output over that by the last layer's; null where not known.</summary>
    public double? GradientRatio(string path) => _lastGradient > 0 ? Of(path)?.GradientRatio / _lastGradient : null;

    private static string? OtherLayer(IReadOnlyList<LayerPrediction> predictions, IReadOnlyList<LayerDescription> layers, IReadOnlyList<ParameterRecord> parameters)
    {
        foreach (var prediction in predictions.Where(static prediction => prediction is { FanIn: not null } or { Std: not null }))
        {
            var layer = layers.FirstOrDefault(layer => layer.Path == prediction.Path);
            if (layer is null && !parameters.Any(parameter => Covers(prediction.Path, parameter.Layer) || Covers(prediction.Path, parameter.Name)))
                return $"the code creates '{prediction.Path}', and this model has no such layer";
            if (layer?.FanIn is { } fanIn && prediction.FanIn is { } expected && fanIn != expected)
                return $"'{prediction.Path}' has a fan-in of {fanIn}, and {expected} in the code";
        }

        return null;
    }

    /// <summary>True where a prediction's path is that of a layer, of what holds it or of what it holds: a library's block is one layer to the code.</summary>
    private static bool Covers(string predicted, string path) => predicted == path || IsInside(path, predicted) || IsInside(predicted, path);

    private static bool IsInside(string path, string outer) => outer.Length == 0 || path.StartsWith(outer + ".", StringComparison.Ordinal);
}
