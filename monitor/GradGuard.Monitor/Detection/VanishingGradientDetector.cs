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
    private readonly NamedStates<string, double?> _updateRatio = new();
    private int _inARow;

    /// <inheritdoc/>
    public bool IsSuspicious => _inARow is > 0 and < Window;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        _plateau.Add(record.Loss);
        for (var place = 0; place < record.Updates.Count; place++)
        {
            if (record.Updates[place] is { Dimensions: >= 2 } update)
                _updateRatio.At(place, update.Layer) = update.Ratio;
        }

        if (!record.HasEverything)
            yield break;

        var depth = GradientDepth.Of(record.Layers, onlyFinite: true);
        var vanishes = depth is { } seen && seen.Slope >= -thresholds.VanishingDepthSlope
            && seen.First.Gradient!.Norm < VanishedFactor * seen.Last.Gradient!.Norm;
        _inARow = vanishes ? _inARow + 1 : 0;
        if (_inARow < Window || depth is not var (first, last, layers, slope))
            yield break;

        var ratio = _updateRatio.Of(first.Layer.Path) ?? double.NaN;
        var standsStill = ratio < thresholds.VanishingUpdateRatio;
        if (!standsStill && !_plateau.IsStuck)
            yield break;

        var left = first.Gradient!.Norm / last.Gradient!.Norm;
        var witness = standsStill ? $"one update changes its weights by {Short(ratio)} of their size" : "the loss has stopped falling";
        yield return new Finding("GG9003", standsStill && _plateau.IsStuck ? AlertSeverity.Critical : AlertSeverity.Warning, first.Layer.Path,
            $"of the gradient at '{last.Layer.Path}', {Short(left)} is left at '{first.Layer.Path}' ({Percent(Math.Pow(10, -slope))} from layer to layer, over {layers} layers), and {witness}",
            "Use ReLU (kaiming_normal_ weights) or tanh (xavier_uniform_ weights) in place of a chain of sigmoids or tiny weights, normalise between layers, or add residual connections.",
            new Dictionary<string, double>
            {
                ["slope"] = -slope,
                ["left"] = left,
                ["layers"] = layers,
                ["updateRatio"] = ratio,
            });
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _plateau.Persist(archive);
        _updateRatio.Persist(archive, archive.Value, ratio => archive.Value(ratio ?? double.NaN));
        _inARow = archive.Value(_inARow);
    }
}
