using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9005: most of a layer's sigmoid or tanh outputs lie where the slope is under 7% of its maximum (|z| &gt; 4, |z| &gt; 2), batch
/// after batch. The model's own output is exempt: a classifier that is sure is right to be flat. Not told where training itself made it
/// and the loss stays down: those units became sure of what they learned.
/// </summary>
internal sealed class SaturationDetector(DetectionThresholds thresholds) : IDetector
{
    /// <summary>Share from which next to nothing of the layer learns.</summary>
    public const double CriticalShare = 0.9;

    /// <summary>Share strictly between the flats that a squashing function leaves; a step function leaves none, and is meant so.</summary>
    public const double LeastInside = 0.005;

    /// <summary>Steps from which saturation is no longer the initial weights' doing, nor that of a learning rate that threw them there.</summary>
    public const long Start = 50;

    /// <summary>Loss over the first one, under which the model has learned.</summary>
    public const double Learned = 0.8;

    private readonly NamedStates<(string Layer, string? Source, bool IsInput), Streak> _streaks = new();
    private readonly LossRise _loss = new(StuckLossDetector.BlockSteps);

    /// <inheritdoc/>
    public bool IsSuspicious
    {
        get
        {
            foreach (ref readonly var entry in _streaks.All)
            {
                if (entry.State.Readings > 0 && entry.State.Readings < thresholds.SaturatedWindow)
                    return true;
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        _loss.Add(record.Loss);
        for (var place = 0; place < record.Layers.Count; place++)
        {
            var layer = record.Layers[place];
            if (layer.Layer.Activation is ActivationKind.Sigmoid or ActivationKind.Tanh && layer is { IsFinal: false, Output: { } output })
            {
                var name = layer.Layer.Activation == ActivationKind.Sigmoid ? "sigmoid" : "tanh";
                if (Persists(2 * place, (layer.Layer.Path, layer.Source?.Path, false), output.SaturatedShare, record.Step))
                    yield return Report(layer.BlamedPath, layer.Source, $"{name} '{layer.Layer.Path}'", output);
            }

            if (layer.ComputedInput is { } input)
            {
                var share = IsSquashed(input, layer.ComputedInputUnits?.Active.Length ?? 0) ? input.SaturatedShare : 0;
                if (Persists((2 * place) + 1, (layer.Layer.Path, layer.Source?.Path, true), share, record.Step))
                    yield return Report((layer.Before ?? layer.Layer).Path, layer.Before, $"sigmoid before '{layer.Layer.Path}'", input);
            }
        }
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        _streaks.Persist(
            archive, key => (archive.Value(key.Layer), archive.Optional(key.Source, archive.Value), archive.Value(key.IsInput)),
            streak => new Streak(archive.Value(streak.Readings), archive.Value(streak.Since)));
        _loss.Persist(archive);
    }

    /// <summary>
    /// Values that fill 0…1 to both ends, with some in between, and are no distribution over the units (softmax, whose mean is
    /// one over the units): a sigmoid made them, whoever wrote it.
    /// </summary>
    private static bool IsSquashed(TensorFigures values, int units)
        => values is { NonFinite: 0, Min: >= 0 and < 0.01, Max: > 0.99 and <= 1 }
            && values.SaturatedShare < 1 - LeastInside
            && values.Mean is > 0.1 and < 0.9
            && Math.Abs((values.Mean * units) - 1) > 0.05;

    /// <summary>True where it lasts, and did not come as the model learned.</summary>
    private bool Persists(int place, (string, string?, bool) key, double share, long step)
    {
        ref var streak = ref _streaks.At(place, key);
        streak = share > thresholds.SaturatedShare ? new Streak(streak.Readings + 1, streak.Readings == 0 ? step : streak.Since) : default;
        var isLearned = streak.Since >= Start && _loss.Factor is > 0 and < Learned;
        return streak.Readings >= thresholds.SaturatedWindow && !isLearned;
    }

    private static Finding Report(string layer, LayerDescription? source, string activation, TensorFigures values)
    {
        var share = values.SaturatedShare;
        var init = source?.FanIn is { } fanIn
            ? $"Start '{layer}' with xavier_uniform_, or a standard deviation near 1/√{fanIn} = {Short(1 / Math.Sqrt(fanIn))} over its fan-in of {fanIn}"
            : "Scale the weights by 1/√fan-in (xavier_uniform_)";
        return new Finding("GG9005", share > CriticalShare ? AlertSeverity.Critical : AlertSeverity.Warning, layer,
            $"{Percent(share)} of the outputs of the {activation} are saturated: their slope is under 7% of its maximum, and the gradient dies there",
            $"{init}; normalise its input; or use a ReLU, which has no flat top.",
            new Dictionary<string, double> { ["saturatedShare"] = share, ["mean"] = values.Mean, ["rms"] = values.Rms });
    }

    private readonly record struct Streak(int Readings, long Since);
}
