using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// A dense tensor as <c>rows × units × inner</c> in memory order, where each unit of each row is <c>inner</c> neighbouring elements.
/// Without a unit dimension there is one unit and a row is everything below the slowest dimension.
/// </summary>
internal readonly record struct TensorLayout(long Rows, int Units, long Inner)
{
    /// <summary>Elements in a row.</summary>
    public long RowLength => Units * Inner;

    /// <summary>Reads the layout of a tensor of this shape, contiguous in memory.</summary>
    /// <param name="shape">Sizes, slowest dimension first; empty for a 0-dim tensor.</param>
    /// <param name="unitDimension">Index of the unit dimension, or -1.</param>
    public static TensorLayout Of(ReadOnlySpan<long> shape, int unitDimension)
    {
        if (unitDimension < 0)
            return shape.Length < 2 ? new(1, 1, Product(shape)) : new(shape[0], 1, Product(shape[1..]));
        return new(Product(shape[..unitDimension]), checked((int)shape[unitDimension]), Product(shape[(unitDimension + 1)..]));
    }

    /// <summary>Resolves a unit dimension that may count from the end; -1 where there is none or the tensor lacks it.</summary>
    public static int Resolve(int? unitDimension, int dimensions)
    {
        if (unitDimension is not { } unit)
            return -1;
        if (unit < 0)
            unit += dimensions;
        return unit >= 0 && unit < dimensions ? unit : -1;
    }

    /// <summary>
    /// A contiguous view of the same elements, in memory order where that is possible: the figures do not depend on the order, so a
    /// transposed or channels-last tensor is read in place; overlapping or gapped views are copied.
    /// </summary>
    /// <param name="tensor">A strided CPU tensor, outside autograd.</param>
    /// <param name="unitDimension">Index of the unit dimension or -1; follows the permutation.</param>
    /// <returns>A new tensor that the caller disposes.</returns>
    public static Tensor InMemoryOrder(Tensor tensor, ref int unitDimension)
    {
        var strides = tensor.stride();
        var order = Enumerable.Range(0, strides.Length).OrderByDescending(dimension => strides[dimension]).ToArray();
        using var permuted = tensor.permute(order.Select(dimension => (long)dimension).ToArray());
        unitDimension = Array.IndexOf(order, unitDimension);
        return permuted.contiguous();
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (var size in sizes)
            product *= size;
        return product;
    }
}
