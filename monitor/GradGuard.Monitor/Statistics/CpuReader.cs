using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>Statistics of a CPU tensor, read where it lies.</summary>
internal static class CpuReader
{
    /// <summary>Reads a strided tensor of floating-point elements with at least one element.</summary>
    /// <param name="tensor">float32, float64, float16 or bfloat16, in any memory layout.</param>
    /// <param name="request">What to count.</param>
    /// <param name="degree">Threads to use at most, the calling one included.</param>
    public static TensorStatistics Read(Tensor tensor, in StatisticsRequest request, int degree)
    {
        var unitDimension = TensorLayout.Resolve(request.UnitDimension, (int)tensor.Dimensions);
        if (tensor.is_contiguous())
            return ReadContiguous(tensor, unitDimension, request, degree);

        // Views of a detached tensor leave no trace in the autograd graph.
        using var detached = tensor.detach();
        using var ordered = TensorLayout.InMemoryOrder(detached, ref unitDimension);
        return ReadContiguous(ordered, unitDimension, request, degree);
    }

    private static unsafe TensorStatistics ReadContiguous(Tensor tensor, int unitDimension, in StatisticsRequest request, int degree)
    {
        var type = tensor.dtype;
        if (tensor.NumberOfElements * tensor.ElementSize > int.MaxValue)
            return TensorStatistics.Skip(SkipReason.TooLarge, tensor.NumberOfElements);
        var plan = new RowPlan(TensorLayout.Of(tensor, unitDimension), request);
        var countUnits = unitDimension >= 0 && (request.Activity != UnitActivityRule.None || request.HasBounds);
        fixed (byte* data = tensor.bytes)
        {
            var statistics = type switch
            {
                ScalarType.Float32 => Read<float, InPlace<float>>(data, plan, request, degree, countUnits),
                ScalarType.Float64 => Read<double, InPlace<double>>(data, plan, request, degree, countUnits),
                ScalarType.Float16 => Read<float, Float16Source>(data, plan, request, degree, countUnits),
                ScalarType.BFloat16 => Read<float, BFloat16Source>(data, plan, request, degree, countUnits),
                var other => throw new ArgumentException($"The CPU kernel reads floating-point tensors, not {other}.", nameof(tensor)),
            };
            GC.KeepAlive(tensor);
            return statistics;
        }
    }

    private static unsafe TensorStatistics Read<T, TSource>(
        byte* data, in RowPlan plan, in StatisticsRequest request, int degree, bool countUnits)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        where TSource : struct, IElementSource<T>
        => (countUnits && request.Activity != UnitActivityRule.None, request.HasBounds) switch
        {
            (false, false) => CpuPass<T, TSource, CountNothing>.Run(data, plan, request, degree, countUnits),
            (false, true) => CpuPass<T, TSource, CountBounds>.Run(data, plan, request, degree, countUnits),
            (true, false) => CpuPass<T, TSource, CountActivity>.Run(data, plan, request, degree, countUnits),
            (true, true) => CpuPass<T, TSource, CountBoth>.Run(data, plan, request, degree, countUnits),
        };
}
