using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// The rows of a large weight that stand for it: every k-th, always the same ones, so that the figures of one step compare with
/// those of the next.
/// </summary>
internal static class RowSample
{
    /// <summary>
    /// Elements that are enough: the norm of 65,536 weights that vary by their own size is within about 0.5% of what all of them give.
    /// </summary>
    public const int Elements = 64 * 1024;

    /// <summary>k for a weight <c>[rows, …]</c>; 1 where it is small, has no rows to choose from, or learns in some of them only.</summary>
    public static int StrideOf(Tensor weight, bool isDense)
        => !isDense || weight.Dimensions < 2 ? 1 : (int)Math.Clamp(weight.NumberOfElements / Elements, 1, weight.size(0));

    /// <summary>A view of every k-th row.</summary>
    /// <param name="weight">The weight, outside autograd or under <c>no_grad</c>.</param>
    /// <param name="stride">k.</param>
    /// <returns>A new tensor over the same memory that the caller disposes.</returns>
    public static Tensor View(Tensor weight, int stride) => weight.slice(0, 0, weight.size(0), stride);

    /// <summary>A copy of every k-th row, or of the whole weight where k is 1.</summary>
    /// <inheritdoc cref="View"/>
    public static Tensor Copy(Tensor weight, int stride)
    {
        if (stride == 1)
            return weight.clone();
        using var rows = View(weight, stride);
        return rows.clone();
    }
}
