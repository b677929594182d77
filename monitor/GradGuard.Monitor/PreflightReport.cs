using System.Globalization;
using System.Text;

namespace GradGuard.Monitor;

/// <summary>The state that training began in, layer by layer: read in the first batches, told by <see cref="GradientMonitor.Preflight"/>.</summary>
public sealed class PreflightReport
{
    /// <summary>Batches it rests on.</summary>
    public required int Batches { get; init; }

    /// <summary>Root mean square of the model's first input; null where it was not read.</summary>
    public required double? InputRms { get; init; }

    /// <summary>The first loss; null where it is no single number.</summary>
    public required double? Loss { get; init; }

    /// <summary>Layers with weights, in the order of the forward pass.</summary>
    public required IReadOnlyList<PreflightLayer> Layers { get; init; }

    /// <summary>
    /// From where on the run starts otherwise than its code predicts, and why, or why nothing is predicted; null where all is as predicted,
    /// or the program was built without predictions.
    /// </summary>
    public string? Remark { get; init; }

    /// <summary>A line a layer, the predicted figures in brackets behind the measured ones, and the remark.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Batches} batches, input RMS {InputRms:G3}, loss {Loss:G4}");
        foreach (var layer in Layers)
            text.AppendLine().Append(layer);
        if (Remark is not null)
            text.AppendLine().Append(Remark);
        return text.ToString();
    }
}

/// <summary>How one layer starts. A figure that was not read, or that the layer does not have, is null.</summary>
public sealed class PreflightLayer
{
    /// <summary>Path as in <c>named_modules()</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>Simple type name.</summary>
    public required string Type { get; init; }

    /// <summary>Standard deviation of the layer's output, its pre-activations, in the first batch.</summary>
    public required double? PreActivationStd { get; init; }

    /// <summary>Share of the outputs of the sigmoid or tanh behind it that lie on the flat ends, in the first batch.</summary>
    public required double? SaturatedShare { get; init; }

    /// <summary>Share of the units of the ReLU behind it that were active for no sample of these batches.</summary>
    public required double? DeadShare { get; init; }

    /// <summary>Root mean square of the gradient of the loss by the layer's output, in the first batch.</summary>
    public required double? GradientRms { get; init; }

    /// <summary>That over the same of the last layer with weights: what of the gradient is left here.</summary>
    public double? GradientRatio { get; init; }

    /// <summary>First true update of its weights over their norm.</summary>
    public required double? UpdateRatio { get; init; }

    /// <summary>What is poor about this start; null when nothing is.</summary>
    public required string? Problem { get; init; }

    /// <summary>What the code predicts of it; null where nothing is known, or the program was built without predictions.</summary>
    public PreflightPrediction? Predicted { get; init; }

    /// <summary>The figures on one line, predicted ones in brackets.</summary>
    public override string ToString()
    {
        var figures = new[]
        {
            Figure("std", PreActivationStd, Predicted?.PreActivationStd, Number),
            Figure("saturated", SaturatedShare, Predicted?.SaturatedShare, Percent),
            Figure("dead", DeadShare, Predicted?.DeadShare, Percent),
            Figure("gradient RMS", GradientRms, null, Number),
            Figure("over the last", GradientRatio, Predicted?.GradientRatio, Number),
            Figure("update", UpdateRatio, null, Number),
        };
        return $"{Layer} ({Type}): {string.Join(", ", figures.OfType<string>())}{(Problem is null ? "" : $": {Problem}")}";
    }

    private static string? Figure(string name, double? measured, double? predicted, Func<double, string> text)
        => measured is not { } value ? null : $"{name} {text(value)}{(predicted is { } expected ? $" (predicted {text(expected)})" : "")}";

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + "%";
}

/// <summary>
/// How a layer should start, computed from the code that makes the model when it was compiled: the figures of <c>gradguard predict</c>, for
/// inputs of mean 0 and RMS 1. A figure that is not known, or that the layer does not have, is null.
/// </summary>
public sealed class PreflightPrediction
{
    /// <summary>Standard deviation of its pre-activations.</summary>
    public required double? PreActivationStd { get; init; }

    /// <summary>Share saturated of the sigmoid or tanh behind it.</summary>
    public required double? SaturatedShare { get; init; }

    /// <summary>Share of dead units of the ReLU behind it.</summary>
    public required double? DeadShare { get; init; }

    /// <summary>Root mean square of the gradient by its output over that by the last layer's.</summary>
    public required double? GradientRatio { get; init; }
}
