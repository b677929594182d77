using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// A dense tensor as <c>rows × units × inner</c> in memory order, where each unit of each row is <c>inner</c> neighbouring elements.
/// Without a unit dimension there is one unit and a row is everything below the slowest dimension.
/// </summary>
/// <param name="Rows">As above.</param>
/// <param name="Units">As above.</param>
/// <param name="Inner">As above.</param>
/// <param name="Period">Rows of one index of the slowest dimension: time steps of a sample, or pixels where channels come last.</param>
internal readonly record struct TensorLayout(long Rows, int Units, long Inner, long Period = 1)
{
    /// <summary>Elements in a row.</summary>
    public long RowLength => Units * Inner;

    /// <summary>Reads the layout of a tensor that is contiguous in memory.</summary>
    /// <param name="tensor">Any number of dimensions, slowest first.</param>
    /// <param name="unitDimension">Index of the unit dimension, or -1.</param>
    /// <remarks>Sizes are asked for one by one: <c>shape</c> has each call make a native callback, which costs as much as reading a small tensor.</remarks>
    public static TensorLayout Of(Tensor tensor, int unitDimension)
    {
        var dimensions = (int)tensor.Dimensions;
        if (unitDimension < 0)
        {
            var rows = dimensions < 2 ? 1 : tensor.size(0);
            return new(rows, 1, tensor.NumberOfElements / rows);
        }

        return new(
            Product(tensor, 0, unitDimension), checked((int)tensor.size(unitDimension)), Product(tensor, unitDimension + 1, dimensions), Product(tensor, 1, unitDimension));
    }

    /// <summary>True for two tensors of the same sizes.</summary>
    public static bool SameShape(Tensor x, Tensor y)
    {
        var dimensions = (int)x.Dimensions;
        if (y.Dimensions != dimensions)
            return false;
        for (var dimension = 0; dimension < dimensions; dimension++)
        {
            if (x.size(dimension) != y.size(dimension))
                return false;
        }

        return true;
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
        var dimensions = (int)tensor.Dimensions;
        var strides = new long[dimensions];
        var order = new long[dimensions];
        for (var dimension = 0; dimension < dimensions; dimension++)
            (strides[dimension], order[dimension]) = (-tensor.stride(dimension), dimension);

        // Equal strides stay in their order.
        for (var next = 1; next < dimensions; next++)
        {
            for (var place = next; place > 0 && strides[place] < strides[place - 1]; place--)
            {
                (strides[place], strides[place - 1]) = (strides[place - 1], strides[place]);
                (order[place], order[place - 1]) = (order[place - 1], order[place]);
            }
        }

        unitDimension = Array.IndexOf(order, unitDimension);
        var permuted = tensor.permute(order);
        if (permuted.is_contiguous())
            return permuted;
        using (permuted)
            return permuted.contiguous();
    }

    private static long Product(Tensor tensor, int first, int end)
    {
        long product = 1;
        for (var dimension = first; dimension < end; dimension++)
            product *= tensor.size(dimension);
        return product;
    }
}
