using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Signal;

/// <summary>
/// How many kernel taps one output value of a convolution sums over, and how many one input value reaches, averaged over positions. Taps that fall
/// on zero padding carry nothing. Where the extents are not known the padding is taken as negligible.
/// </summary>
/// <param name="PerOutput">Taps per output position.</param>
/// <param name="PerInput">Taps per input position; the kernel over the stride for a wide input.</param>
/// <param name="PerPair">Taps that two output positions have in common, averaged over pairs: fewer than per position, because edges differ.</param>
/// <param name="PerPairSquare">The mean square of that number.</param>
/// <param name="PerPositionSquare">The mean square, over positions, of a position's average over the others.</param>
internal readonly record struct SpatialReach(double PerOutput, double PerInput, double PerPair, double PerPairSquare, double PerPositionSquare)
{
    /// <summary>A layer without a kernel, or one whose padding is negligible.</summary>
    public static SpatialReach Point { get; } = new(1, 1, 1, 1, 1);

    /// <summary>
    /// Share of a value's inputs that it has in common with the same unit's values elsewhere: below 1 where zero padding takes some away at the edges.
    /// </summary>
    public double SharedByPairs => PerPair / PerOutput;

    /// <summary>
    /// Inverse participation ratio of the pattern that padding makes of a constant input. Its covariance between two positions is the number of taps
    /// they have in common, less the means over either position; the number is a product over the axes.
    /// </summary>
    public double PatternConcentration
    {
        get
        {
            var trace = PerOutput - PerPair;
            return trace > 0 ? Math.Max(0, PerPairSquare - (2 * PerPositionSquare) + (PerPair * PerPair)) / (trace * trace) : 0;
        }
    }

    /// <summary>The reach of a layer with a kernel; null where kernel, stride, padding or dilation is not known.</summary>
    public static SpatialReach? Of(Layer layer, TensorShape input)
    {
        var reach = Point;
        for (var i = 0; i < layer.Kernel.Length; i++)
        {
            if (layer.Kernel[i] is not { } kernel || At(layer.Stride, i, 1) is not { } stride
                || At(layer.Padding, i, 0) is not { } padding || At(layer.Dilation, i, 1) is not { } dilation)
                return null;
            if (kernel <= 0 || stride <= 0 || dilation <= 0)
                return null;

            var isTransposed = layer.Kind is LayerKind.TransposedConvolution;
            if (input[i - layer.Kernel.Length] is not { } extent)
            {
                var (taps, reached) = isTransposed ? ((double)kernel / stride, (double)kernel) : (kernel, (double)kernel / stride);
                reach = reach.Times(new(taps, reached, taps, taps * taps, taps * taps));
                continue;
            }

            var span = (dilation * (kernel - 1)) + 1;
            var small = isTransposed ? extent : ((extent + (2 * padding) - span) / stride) + 1;
            var large = isTransposed ? ((extent - 1) * stride) - (2 * padding) + span : extent;
            if (small <= 0 || large <= 0)
                return null;
            var first = Enumerable.Range(0, (int)kernel).Select(tap => InBounds(tap * dilation, small, large, stride, padding)).ToArray();
            reach = reach.Times(isTransposed ? OfTransposed(first, small, large) : OfAxis(first, small, large));
        }
        return reach;
    }

    /// <summary>One axis of a convolution. Each tap is in bounds over a range of outputs, so two taps are over the two ranges' common part.</summary>
    private static SpatialReach OfAxis((long First, long Last)[] ranges, long outputs, long inputs)
    {
        double Share(long first, long last) => Math.Max(0, last - first + 1) / (double)outputs;
        var shares = ranges.Select(range => Share(range.First, range.Last)).ToArray();
        var (pairSquare, positionSquare) = (0.0, 0.0);
        for (var s = 0; s < ranges.Length; s++)
        {
            for (var t = 0; t < ranges.Length; t++)
            {
                var both = Share(Math.Max(ranges[s].First, ranges[t].First), Math.Min(ranges[s].Last, ranges[t].Last));
                pairSquare += both * both;
                positionSquare += both * shares[s] * shares[t];
            }
        }
        var perOutput = shares.Sum();
        return new(perOutput, perOutput * outputs / inputs, shares.Sum(share => share * share), pairSquare, positionSquare);
    }

    /// <summary>One axis of a transposed convolution; the pattern between its strides is taken as spread evenly.</summary>
    private static SpatialReach OfTransposed((long First, long Last)[] ranges, long inputs, long outputs)
    {
        var counts = ranges.Select(range => Math.Max(0, range.Last - range.First + 1)).ToArray();
        var perPair = counts.Sum(count => (double)count / outputs * ((double)count / outputs));
        return new((double)counts.Sum() / outputs, (double)counts.Sum() / inputs, perPair, perPair * perPair, perPair * perPair);
    }

    private SpatialReach Times(SpatialReach axis) =>
        new(
            PerOutput * axis.PerOutput,
            PerInput * axis.PerInput,
            PerPair * axis.PerPair,
            PerPairSquare * axis.PerPairSquare,
            PerPositionSquare * axis.PerPositionSquare);

    /// <summary>Positions o in [0, small) with o·stride − padding + tap inside [0, large): the first and the last.</summary>
    private static (long First, long Last) InBounds(long tap, long small, long large, long stride, long padding) =>
        (Math.Max(0, (long)Math.Ceiling((double)(padding - tap) / stride)),
            Math.Min(small - 1, (long)Math.Floor((double)(large - 1 + padding - tap) / stride)));

    private static long? At(IReadOnlyList<long?> values, int index, long absent) =>
        values.Count == 0 ? absent : values[Math.Min(index, values.Count - 1)];
}
