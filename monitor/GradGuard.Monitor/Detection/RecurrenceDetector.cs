using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9009: the gradient of a recurrence grows or shrinks through time by more than three decades over the sequence. It is
/// multiplied by W_hhᵀ at each step, so the largest eigenvalue decides.
/// </summary>
/// <remarks>
/// Shrinking alone is no fault: a network that needs only the recent past has it. It takes a loss that stands on an early
/// plateau as second witness, and is not judged for gated cells, whose gates forget on purpose.
/// </remarks>
internal sealed class RecurrenceDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Time steps without which there is no sequence to speak of.</summary>
    public const int LeastSteps = 8;

    /// <summary>Sampled steps in a row.</summary>
    public const int Window = 3;

    /// <summary>
    /// Growth that follows an exponential this well (R²) is reported at once: no accident of a batch, and the next update may end
    /// in NaN.
    /// </summary>
    public const double CleanFit = 0.95;

    private readonly LossPlateau _plateau = new();
    private readonly NamedStates<(string, string?), (int Grows, int Shrinks)> _inARow = new();

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        _plateau.Add(record.Loss);
        List<(LayerDescription Layer, Finding Finding)>? found = null;
        for (var place = 0; place < record.Layers.Count; place++)
        {
            var layer = record.Layers[place];
            if (layer.TimeGradients is not { } gradients || LogSlope.Of(gradients, LeastSteps) is not var (slope, fit))
                continue;

            // Decades gained on the way back, from the last time step to the first.
            var decades = -slope * (gradients.Count - 1);
            var limit = Math.Log10(thresholds.RecurrenceFactor);
            ref var inARow = ref _inARow.At(place, (layer.Layer.Path, layer.Source?.Path));
            var (grows, shrinks) = inARow;
            inARow = (grows, shrinks) = (decades > limit ? grows + 1 : 0, decades < -limit ? shrinks + 1 : 0);
            if (grows >= Window || (grows > 0 && fit >= CleanFit))
                (found ??= []).Add((layer.Layer, Grows(layer.Layer, gradients.Count, slope, decades)));
            else if (shrinks >= Window && !IsGated(layer.Layer) && _plateau.IsStuck)
                (found ??= []).Add((layer.Layer, Shrinks(layer.Layer, gradients.Count, slope, decades)));
        }

        if (found is null)
            return [];

        // In a cell written by hand W_xh gets the gradient of W_hh: the one that maps a state to a state is to blame.
        var isAnyRecurrent = found.Exists(static entry => MapsStates(entry.Layer));
        return found.Where(entry => !isAnyRecurrent || MapsStates(entry.Layer)).Select(static entry => entry.Finding);
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _plateau.Persist(archive);
        _inARow.Persist(
            archive, key => (archive.Value(key.Item1), archive.Optional(key.Item2, archive.Value)),
            count => (archive.Value(count.Grows), archive.Value(count.Shrinks)));
    }

    /// <summary>True for a layer whose output may be its input at the next time step.</summary>
    internal static bool MapsStates(LayerDescription layer) => layer.Recurrence != RecurrenceKind.None || (layer.Units is { } units && layer.FanIn == units);

    private static bool IsGated(LayerDescription layer) => layer.Recurrence is RecurrenceKind.Gated or RecurrenceKind.GatedCell;

    private static Finding Grows(LayerDescription layer, int steps, double slope, double decades)
        => new("GG9009", AlertSeverity.Critical, layer.Path,
            $"the gradient grows {Short(Math.Pow(10, -slope))} times at each step back through time, {Short(Math.Pow(10, decades))} times over {steps} steps",
            "Scale W_hh to a spectral radius of 1 (orthogonal_), clip with clip_grad_norm_ before the step, or use an LSTM or GRU.",
            Evidence(steps, slope, decades));

    private static Finding Shrinks(LayerDescription layer, int steps, double slope, double decades)
        => new("GG9009", AlertSeverity.Warning, layer.Path,
            $"{Percent(Math.Pow(10, -slope))} of the gradient is left after each step back through time and {Short(Math.Pow(10, decades))} of it at the first of {steps} steps, and the loss has stopped falling",
            "Use an LSTM or GRU, start W_hh orthogonal (orthogonal_), or shorten the sequence: what lies far back cannot be learned like this.",
            Evidence(steps, slope, decades));

    private static Dictionary<string, double> Evidence(int steps, double slope, double decades) => new()
    {
        ["factorPerStep"] = Math.Pow(10, -slope),
        ["factor"] = Math.Pow(10, decades),
        ["timeSteps"] = steps,
    };
}
