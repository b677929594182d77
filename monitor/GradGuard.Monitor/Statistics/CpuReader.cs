using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>Statistics of a CPU tensor, read where it lies.</summary>
internal static class CpuReader
{
    /// <summary>Reads a strided tensor of floating-point elements with at least one element.</summary>
    /// <param name="tensor">float32, float64, float16 or bfloat16, in any memory layout.</param>
    /// <param name="header">What is known of it.</param>
    /// <param name="request">What to count.</param>
    /// <param name="degree">Threads to use at most, the calling one included.</param>
    public static TensorStatistics Read(Tensor tensor, in TensorHeader header, in StatisticsRequest request, int degree)
    {
        var unitDimension = request.UnitDimension is null ? -1 : TensorLayout.Resolve(request.UnitDimension, (int)tensor.Dimensions);
        if (tensor.is_contiguous())
            return ReadContiguous(tensor, header, unitDimension, request, degree);

        // Views of a detached tensor leave no trace in the autograd graph.
        using var detached = tensor.detach();
        using var ordered = TensorLayout.InMemoryOrder(detached, ref unitDimension);
        return ReadContiguous(ordered, header, unitDimension, request, degree);
    }

    /// <summary>Reads elements that lie outside of a tensor.</summary>
    /// <param name="elements">At least one.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="count">Elements that they stand for.</param>
    public static unsafe TensorStatistics Read(ReadOnlySpan<byte> elements, ScalarType type, long count)
    {
        var plan = new RowPlan(new TensorLayout(1, 1, elements.Length / (type == ScalarType.Float32 ? sizeof(float) : sizeof(double))), default) { Represented = count };
        fixed (byte* data = elements)
            return Read(type, data, plan, default, 1, countUnits: false);
    }

    private static unsafe TensorStatistics ReadContiguous(Tensor tensor, in TensorHeader header, int unitDimension, in StatisticsRequest request, int degree)
    {
        if (!header.FitsASpan)
            return TensorStatistics.Skip(SkipReason.TooLarge, header.Elements);
        var layout = unitDimension < 0 && !request.NeedsRows(header.Elements) ? new TensorLayout(1, 1, header.Elements) : TensorLayout.Of(tensor, unitDimension);
        var countUnits = unitDimension >= 0 && (request.Activity != UnitActivityRule.None || request.HasBounds);
        fixed (byte* data = tensor.bytes)
        {
            var statistics = Read(header.Type, data, new RowPlan(layout, request), request, degree, countUnits);
            GC.KeepAlive(tensor);
            return statistics;
        }
    }

    private static unsafe TensorStatistics Read(ScalarType type, byte* data, in RowPlan plan, in StatisticsRequest request, int degree, bool countUnits) => type switch
    {
        ScalarType.Float32 => Read<float, InPlace<float>>(data, plan, request, degree, countUnits),
        ScalarType.Float64 => Read<double, InPlace<double>>(data, plan, request, degree, countUnits),
        ScalarType.Float16 => Read<float, Float16Source>(data, plan, request, degree, countUnits),
        ScalarType.BFloat16 => Read<float, BFloat16Source>(data, plan, request, degree, countUnits),
        _ => throw new ArgumentException($"The CPU kernel reads floating-point tensors, not {type}.", nameof(type)),
    };

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
