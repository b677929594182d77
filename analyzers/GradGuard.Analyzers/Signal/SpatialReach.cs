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
internal readonly record struct SpatialReach(double PerOutput, double PerInput, double PerPair)
{
    /// <summary>The reach of a layer with a kernel; null where kernel, stride, padding or dilation is not known.</summary>
    public static SpatialReach? Of(Layer layer, TensorShape input)
    {
        var (perOutput, perInput, perPair) = (1.0, 1.0, 1.0);
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
                perOutput *= isTransposed ? (double)kernel / stride : kernel;
                perInput *= isTransposed ? kernel : (double)kernel / stride;
                perPair *= isTransposed ? (double)kernel / stride : kernel;
                continue;
            }

            var span = (dilation * (kernel - 1)) + 1;
            var small = isTransposed ? extent : ((extent + (2 * padding) - span) / stride) + 1;
            var large = isTransposed ? ((extent - 1) * stride) - (2 * padding) + span : extent;
            if (small <= 0 || large <= 0)
                return null;
            var reached = Enumerable.Range(0, (int)kernel).Select(tap => (double)InBounds(tap * dilation, small, large, stride, padding)).ToArray();
            var (taps, outputs) = (reached.Sum(), isTransposed ? large : small);
            perOutput *= taps / outputs;
            perPair *= reached.Sum(count => count / outputs * (count / outputs));
            perInput *= taps / (isTransposed ? small : large);
        }
        return new(perOutput, perInput, perPair);
    }

    /// <summary>Positions o in [0, small) with o·stride − padding + tap inside [0, large).</summary>
    private static long InBounds(long tap, long small, long large, long stride, long padding)
    {
        var first = Math.Max(0, (long)Math.Ceiling((double)(padding - tap) / stride));
        var last = Math.Min(small - 1, (long)Math.Floor((double)(large - 1 + padding - tap) / stride));
        return Math.Max(0, last - first + 1);
    }

    private static long? At(IReadOnlyList<long?> values, int index, long absent) =>
        values.Count == 0 ? absent : values[Math.Min(index, values.Count - 1)];
}
