using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>The layer whose outputs the loss is made of, where it has weights and ran once.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Units">Outputs of a row, K.</param>
/// <param name="Output">Figures of its N·K outputs.</param>
/// <param name="Gradient">Figures of the gradient of the loss by them; its norm is over zero.</param>
internal readonly record struct LastLayer(string Path, long Units, TensorFigures Output, TensorFigures Gradient)
{
    /// <summary>Rounding of a mean of gradients that are zero in sum, over their RMS.</summary>
    private const double ZeroSum = 1e-3;

    /// <summary>Rows N: samples, or samples times positions.</summary>
    public double Rows => (double)Output.Count / Units;

    /// <summary>True where the gradient adds up to zero, as through a softmax over the outputs of each row, smoothed labels included.</summary>
    public bool SumsToZero => Units > 1 && Math.Abs(Gradient.Mean) <= ZeroSum * Gradient.Rms;

    /// <summary>Finds it in a step that was read, whose loss is positive and finite.</summary>
    /// <returns>Null where there is none.</returns>
    public static LastLayer? Of(StepRecord record)
        => record is { HasEverything: true, Loss: > 0 and < double.PositiveInfinity }
            && Final(record.Layers)
                is { Calls: 1, Layer: { Units: { } units, Path: var path }, Output: { IsWhole: true, NonFinite: 0 } output, Gradient: { IsWhole: true, NonFinite: 0, Norm: > 0 } gradient }
            ? new LastLayer(path, units, output, gradient)
            : null;

    private static LayerRecord? Final(IReadOnlyList<LayerRecord> layers)
    {
        for (var index = layers.Count - 1; index >= 0; index--)
        {
            if (layers[index] is { IsFinal: true, Layer.HasWeights: true } final)
                return final;
        }

        return null;
    }
}
