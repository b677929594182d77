using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9003: the gradient shrinks from layer to layer on its way back, and a second witness says that it matters: the first layer's
/// true updates are negligible, or, since Adam rescales those, the loss stands on an early plateau.
/// </summary>
/// <remarks>
/// The slope is taken over the norms of the gradients by the layers' outputs. Between layers of equal width it equals the slope
/// of their RMS; unlike the RMS it does not fall just because a convolution has more positions.
/// </remarks>
internal sealed class VanishingGradientDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Layers without which there is no slope to speak of.</summary>
    public const int LeastLayers = 4;

    /// <summary>What must be left of the gradient, first layer over last, for the fault to exist at all: three layers of sigmoid cost less.</summary>
    public const double VanishedFactor = 1e-3;

    /// <summary>Sampled steps in a row.</summary>
    public const int Window = 5;

    private readonly LossPlateau _plateau = new();
    private readonly Dictionary<string, double> _updateRatio = [];
    private int _inARow;

    /// <inheritdoc/>
    public bool IsSuspicious => _inARow is > 0 and < Window;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        _plateau.Add(record.Loss);
        foreach (var update in record.Updates.Where(static update => update.Dimensions >= 2))
            _updateRatio[update.Layer] = update.Ratio;
        if (!record.HasEverything)
            yield break;

        var layers = record.Layers
            .Where(static layer => layer.Layer is { HasWeights: true, Recurrence: RecurrenceKind.None } && layer.Gradient is { NonFinite: 0, Norm: > 0 })
            .ToList();
        var slope = LogSlope.Of([.. layers.Select(static layer => layer.Gradient!.Norm)], LeastLayers)?.Slope;
        var vanishes = slope >= -thresholds.VanishingDepthSlope
            && layers[0].Gradient!.Norm < VanishedFactor * layers[^1].Gradient!.Norm;
        _inARow = vanishes ? _inARow + 1 : 0;
        if (_inARow < Window)
            yield break;

        var first = layers[0].Layer;
        var ratio = _updateRatio.GetValueOrDefault(first.Path, double.NaN);
        var standsStill = ratio < thresholds.VanishingUpdateRatio;
        if (!standsStill && !_plateau.IsStuck)
            yield break;

        var left = layers[0].Gradient!.Norm / layers[^1].Gradient!.Norm;
        var witness = standsStill ? $"one update changes its weights by {Short(ratio)} of their size" : "the loss has stopped falling";
        yield return new Finding("GG9003", standsStill && _plateau.IsStuck ? AlertSeverity.Critical : AlertSeverity.Warning, first.Path,
            $"of the gradient at '{layers[^1].Layer.Path}', {Short(left)} is left at '{first.Path}' ({Percent(Math.Pow(10, -slope!.Value))} from layer to layer, over {layers.Count} layers), and {witness}",
            "Use ReLU (kaiming_normal_ weights) or tanh (xavier_uniform_ weights) in place of a chain of sigmoids or tiny weights, normalise between layers, or add residual connections.",
            new Dictionary<string, double>
            {
                ["slope"] = -slope.Value,
                ["left"] = left,
                ["layers"] = layers.Count,
                ["updateRatio"] = ratio,
            });
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _plateau.Persist(archive);
        archive.Items(_updateRatio, archive.Value, archive.Value);
        _inARow = archive.Value(_inARow);
    }
}
