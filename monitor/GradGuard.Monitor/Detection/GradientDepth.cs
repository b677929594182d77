using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>How the gradient's size changes from layer to layer, over the layers with weights that do not recur, in the order of the forward pass.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Layers">Their number.</param>
/// <param name="Slope">log10 of the norm of the gradient by their output, per layer.</param>
internal readonly record struct GradientDepth(LayerRecord First, LayerRecord Last, int Layers, double Slope)
{
    /// <summary>Reads it off a step.</summary>
    /// <param name="layers">All layers of the step.</param>
    /// <param name="onlyFinite">True to leave layers out whose gradient holds NaN or infinity, as those are whose gradient is zero.</param>
    /// <returns>Null where they are too few to speak of a slope.</returns>
    public static GradientDepth? Of(IReadOnlyList<LayerRecord> layers, bool onlyFinite)
    {
        LayerRecord? first = null;
        LayerRecord? last = null;
        var norms = new List<double>(layers.Count);
        for (var place = 0; place < layers.Count; place++)
        {
            var layer = layers[place];
            if (layer is not { Layer: { HasWeights: true, Recurrence: RecurrenceKind.None }, Gradient: { Norm: > 0 } gradient } || (onlyFinite && gradient.NonFinite > 0))
                continue;
            first ??= layer;
            last = layer;
            norms.Add(gradient.Norm);
        }

        return LogSlope.Of(norms, VanishingGradientDetector.LeastLayers) is { Slope: var slope } ? new GradientDepth(first!, last!, norms.Count, slope) : null;
    }
}
