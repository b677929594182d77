using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9010, as a warning: a start whose harm can be measured. Either the first loss stands far above a guess, because a layer or an input
/// that nobody normalised makes the output huge; or the signal fades before it reaches the output, and the model still only guesses
/// after <see cref="Patience"/> steps.
/// </summary>
/// <remarks>What is merely unusual is left to <see cref="PreflightDetector"/>: a norm layer, or the optimizer, may take care of it.</remarks>
/// <param name="predictions">What the code predicts of each layer; null where it was not asked, or not understood.</param>
internal sealed class PoorStartDetector(IReadOnlyList<LayerPrediction>? predictions = null) : IDetector
{
    /// <summary>
    /// First loss over a guess's, from which the start is poor. A last layer at He's scale, the largest of the usual ones, starts at about
    /// twice (ln K + ½σ² with logits of variance σ² = 2).
    /// </summary>
    public const double LeastOverGuess = 3;

    /// <summary>
    /// RMS of a classifier's first outputs from which it is sure of every answer, e⁻¹⁰ against it, having learned nothing: where most samples
    /// are of one class, the loss may be low by luck.
    /// </summary>
    public const double LargeLogits = 10;

    /// <summary>RMS of the input from which it was not normalised: pixels of 0 to 255 have over 100.</summary>
    public const double RawInput = 20;

    /// <summary>And RMS of the output over it, from which that is what makes the output large: a norm layer in between leaves none of it.</summary>
    public const double RawOutput = 0.05;

    /// <summary>RMS of the weights times √fan-in: what a layer leaves of a signal. From 0.58 (torch's own) to 1.4 (He's) is usual.</summary>
    public const double FadingGain = 0.05;

    /// <summary>And gradient by the first layer's output over that by the last one's: with a way round small layers, it arrives.</summary>
    public const double FadedGradient = 0.01;

    /// <summary>Share under which that needs no other witness: three layers of sigmoid leave more.</summary>
    public const double LostGradient = 1e-3;

    /// <summary>Steps in which a model that starts with a little more must have learned nothing.</summary>
    public const int Patience = 10;

    private readonly LossGauge _gauge = new();
    private LayerDescription? _faded;
    private double _gain;
    private double _gradientLeft;
    private double? _predictedLeft;
    private bool _started;

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        if (!record.HasEverything || !record.IsFinite)
            yield break;
        var reading = _gauge.Take(record);
        if (!_started)
        {
            _started = true;
            var predicted = PreflightPredictions.At(record, predictions);
            TakeFaded(record, predicted);
            if (TooHigh(record, predicted) is { } tooHigh)
                yield return tooHigh;
        }

        if (_gradientLeft >= LostGradient && reading is not { KnowsNothing: true })
            _faded = null;
        if (_faded is null || record.Step + 1 < Patience)
            yield break;
        yield return Faded(_faded, record);
        _faded = null;
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        // A run that goes on has its start behind it.
        _gauge.Persist(archive);
        _started = archive.Value(_started);
    }

    private static Finding? TooHigh(StepRecord record, PreflightPredictions? predicted)
    {
        if (LossStart.OverGuess(record) is not { } factor || LastLayer.Of(record) is not { Path: var last, Output.Rms: var rms })
            return null;
        var evidence = new Dictionary<string, double>
        {
            ["loss"] = record.Loss ?? double.NaN,
            ["overGuess"] = factor,
            ["outputRms"] = rms,
            ["inputRms"] = record.InputRms ?? double.NaN,
        };
        if (SignalGain.Amplifier(record) is { } amplifier && (factor >= LeastOverGuess || rms >= LargeLogits))
        {
            var fanIn = amplifier.FanIn is { } known ? $" (fan-in {known})" : "";
            return new Finding("GG9010", AlertSeverity.Warning, amplifier.Path,
                $"the first loss is {Short(record.Loss!.Value)}, {Short(factor)} times what guessing costs, of outputs of RMS {Short(rms)}: this layer multiplies the signal by more than {Short(SignalGain.Large)}{Beside(record, amplifier.Path, predicted, evidence)}",
                $"Start the layer{fanIn} at a scale of 1/√fan-in (kaiming_normal_ before ReLU, xavier_uniform_ otherwise), or put a norm layer behind it.",
                evidence);
        }

        return factor >= LeastOverGuess && record.InputRms is { } input && input >= RawInput && rms >= RawOutput * input
            ? new Finding("GG9010", AlertSeverity.Warning, "",
                $"the first loss is {Short(record.Loss!.Value)}, {Short(factor)} times what guessing costs: the input has an RMS of {Short(input)}, and nothing normalises it{Beside(record, last, predicted, evidence)}",
                "Subtract the mean of each feature and divide by its standard deviation, both of the training data, or begin with a norm layer.",
                evidence)
            : null;
    }

    /// <summary>Adds the prediction of a layer's start to a message and its evidence, beside what was measured.</summary>
    private static string Beside(StepRecord record, string layer, PreflightPredictions? predicted, Dictionary<string, double> evidence)
    {
        if (predicted?.Of(layer) is not { Std: { } expected } prediction || record.Layers.FirstOrDefault(other => other.Layer.Path == layer)?.Output is not { } output)
            return "";
        (evidence["std"], evidence["predictedStd"]) = (output.Std, expected);
        return $"; its code predicts pre-activations of std {Short(expected)}{(prediction.AssumesUnitInput ? " for an input of RMS 1" : "")}, and {Short(output.Std)} was measured";
    }

    private void TakeFaded(StepRecord record, PreflightPredictions? predicted)
    {
        var layers = record.Layers.Where(static layer => layer is { Layer: { HasWeights: true, Recurrence: RecurrenceKind.None }, Gradient.Norm: > 0 }).ToList();
        if (layers.Count < 2)
            return;
        _gradientLeft = layers[0].Gradient!.Norm / layers[^1].Gradient!.Norm;
        if (_gradientLeft >= FadedGradient)
            return;
        _predictedLeft = predicted?.GradientRatio(layers[0].Layer.Path);
        foreach (var layer in layers.SkipLast(1).Select(static layer => layer.Layer))
        {
            var weight = record.Parameters.FirstOrDefault(parameter => parameter.Layer == layer.Path && parameter is { Dimensions: >= 2, Weight.Rms: > 0 });
            var gain = weight is null ? double.NaN : weight.Weight!.Rms * Math.Sqrt(layer.FanIn ?? double.NaN);
            if (gain >= FadingGain || double.IsNaN(gain))
                continue;
            (_faded, _gain) = (layer, gain);
            return;
        }
    }

    private Finding Faded(LayerDescription layer, StepRecord record)
    {
        var loss = record.Loss ?? double.NaN;
        var fanIn = layer.FanIn is { } known ? $" (fan-in {known})" : "";
        var evidence = new Dictionary<string, double> { ["gain"] = _gain, ["gradientLeft"] = _gradientLeft, ["loss"] = loss };
        if (_predictedLeft is not null)
            evidence["predictedGradientLeft"] = _predictedLeft.Value;
        var beside = _predictedLeft is { } expected ? $" (its code predicts {Short(expected)})" : "";
        return new Finding("GG9010", AlertSeverity.Warning, layer.Path,
            $"it started with weights that leave {Short(_gain)} of the signal, and {Short(_gradientLeft)} of the last layer's gradient reached the first one{beside}; after {record.Step + 1} steps the loss is {Short(loss)}",
            $"Start the layer{fanIn} at a scale of 1/√fan-in (kaiming_normal_ before ReLU, xavier_uniform_ otherwise), so that signal and gradient keep their size.",
            evidence);
    }
}
