using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// Normalization in training mode. Forward: values minus the mean of their pool (samples of a unit, units of a sample), over the pool's standard
/// deviation. Backward through y = (x − mean)/std: the gradient loses its own mean and its share along y, and is divided by the
/// std (Ioffe and Szegedy 2015; Yang et al. 2019, "A mean field theory of batch normalization", whose factor π/(π − 1) per ReLU layer follows).
/// Pools are taken as large where their size is not known. The variance of a pool differs from pool to pool, by a relative variance κ for a sum of 2/κ
/// squared normals, so the mean of 1/variance that the gradient sees is larger than 1/mean, by 1/(1 − κ) (the mean of an inverse χ²).
/// </summary>
internal static class NormalizationPropagation
{
    /// <summary>The library's default epsilon.</summary>
    private const double Epsilon = 1e-5;

    /// <summary>
    /// Half: a pool whose variance is a sum of four squared normals or fewer. The mean square of 1/variance is then infinite, so that the gradient hangs on
    /// the quietest few pools of one draw of the weights, and is not known.
    /// </summary>
    private const double MaxSpread = 0.5;

    public static ForwardSignal Through(NormalizationNode node, ForwardSignal input)
    {
        if (input.Value is not { } x)
            return ForwardSignal.Unknown(node, input.UnknownBecause);
        if (ScaleOf(node.Layer) is not { } scale || ShiftOf(node.Layer) is not { } shift)
            return ForwardSignal.Unknown(node, "normalization of unknown scale or shift");
        if (Pool(node) is not { } pool)
            return ForwardSignal.Unknown(node, $"{node.Kind} normalization has no closed form here");

        var centered = pool.Center(x);
        var factor = 1 / (centered.Square + Epsilon);
        var spread = pool.Spread(centered, input);
        var amplitude = Math.Sqrt(factor);
        var normalized = Scale(centered, factor) with { Mean = centered.Mean * amplitude };
        var value = normalized.Times(Moments.SharedBySamples(scale.Mean, scale.Variance)).Plus(Moments.SharedBySamples(shift.Mean, shift.Variance));
        return ForwardSignal.Known(node, value, input.IsGaussian, new GradientEdge(node.Input, Backward)).With(input.Concentration);

        Moments? Backward(Moments gradient)
        {
            if (spread >= MaxSpread)
                return null;
            var scaled = gradient.Times(Moments.SharedBySamples(scale.Mean, scale.Variance));
            var along = scaled.Square * pool.ShareAlongValue;
            var kept = pool.Center(scaled);
            return Scale(kept with { Square = Math.Max(0, kept.Square - along) }, factor / (1 - spread)) with { Mean = 0 };
        }
    }

    private static NormalizationPool? Pool(NormalizationNode node)
    {
        var channels = node.Kind is NormalizationKind.Layer or NormalizationKind.Rms
            ? node.Layer?.InFeatures ?? node.Input.Shape[-1]
            : node.Input.Shape[1] ?? node.Layer?.InFeatures;
        return node.Kind switch
        {
            NormalizationKind.Batch or NormalizationKind.Instance => NormalizationPool.OverSamples,
            NormalizationKind.Layer => NormalizationPool.OverUnits(channels, positions: 1),
            NormalizationKind.Group when node.Layer?.Groups is > 0 and var groups =>
                NormalizationPool.OverUnits((double?)channels / groups, Positions(node.Input.Shape)),
            NormalizationKind.Rms => NormalizationPool.Uncentered(channels),
            _ => null,
        };
    }

    /// <summary>Values of one channel of one sample; taken as many for an image or sequence of unknown extents, one for a matrix.</summary>
    private static double Positions(TensorShape shape)
    {
        if (shape.Extents is not { } extents)
            return double.PositiveInfinity;
        return extents.Skip(2).Aggregate(1.0, (product, extent) => product * (extent ?? double.PositiveInfinity));
    }

    private static WeightMoments? ScaleOf(Layer? layer) =>
        layer is null ? new(1, 0) : WeightMoments.Of(layer.Weight.Distribution, layer.FanIn, layer.FanOut);

    private static WeightMoments? ShiftOf(Layer? layer) =>
        layer is not { HasBias: true, Bias: { } bias } ? new(0, 0) : WeightMoments.Of(bias.Distribution, layer.FanIn, layer.FanOut);

    private static Moments Scale(Moments x, double factor) =>
        new(x.Mean, factor * x.Square, factor * x.AcrossSamples, factor * x.AcrossUnits, factor * x.AcrossBoth) { PositionExcess = factor * x.PositionExcess };
}
