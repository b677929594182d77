using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// Statistics by torch operations on the tensor's own device. Nothing waits for the device until <see cref="Transfer"/>, which
/// brings the figures of every tensor over at once.
/// </summary>
internal sealed class DeviceReductions : IDisposable
{
    /// <summary>Figures before the counts per unit: NaN, infinite, sum, sum of squares, minimum, maximum, zeros.</summary>
    private const int Figures = 7;

    private readonly List<Pending> _pending = [];

    /// <summary>Queues the reductions of a strided floating-point tensor with at least one element.</summary>
    /// <param name="tensor">The tensor, on any device.</param>
    /// <param name="request">What to count.</param>
    /// <param name="index">Returned with the statistics.</param>
    public void Add(Tensor tensor, in StatisticsRequest request, int index)
    {
        using var scope = NewDisposeScope();
        var unitDimension = TensorLayout.Resolve(request.UnitDimension, (int)tensor.Dimensions);
        var layout = TensorLayout.Of(tensor, unitDimension);
        var x = Rows(tensor.detach(), layout, request);

        // Apple's GPUs have no float64: counts above 2^24 lose their last digits there.
        var wide = tensor.device_type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64;
        var finite = x.isfinite();
        var clean = where(finite, x, zeros_like(x)).to_type(wide);
        var none = finite.logical_not();
        List<Tensor> figures =
        [
            x.isnan().sum(wide),
            x.isinf().sum(wide),
            clean.sum(),
            clean.square().sum(),
            clean.masked_fill(none, double.PositiveInfinity).min(),
            clean.masked_fill(none, double.NegativeInfinity).max(),
            x.eq(0).sum(wide),
        ];
        var vector = stack(figures);

        var countsActivity = unitDimension >= 0 && request.Activity != UnitActivityRule.None;
        if (countsActivity)
        {
            var activation = request.Activity == UnitActivityRule.MagnitudeAbove ? x.abs() : x;
            vector = cat([vector, CountPerUnit(activation.gt(request.ActivityThreshold), wide)]);
        }

        if (request.HasBounds)
        {
            var isBeyond = x.lt(request.LowerBound ?? double.NegativeInfinity).logical_or(x.gt(request.UpperBound ?? double.PositiveInfinity));
            vector = cat([vector, CountPerUnit(isBeyond, wide)]);
        }

        _pending.Add(new Pending
        {
            Index = index,
            Figures = vector.DetachFromDisposeScope(),
            Device = tensor.device,
            Count = tensor.NumberOfElements,
            SampledCount = x.NumberOfElements,
            Units = layout.Units,
            CountsActivity = countsActivity,
            CountsBounds = request.HasBounds,
            ReportsUnits = unitDimension >= 0 && (countsActivity || request.HasBounds),
        });
    }

    /// <summary>Waits for the devices and returns the statistics of every tensor added since the last call.</summary>
    public IReadOnlyList<(int Index, TensorStatistics Statistics)> Transfer()
    {
        if (_pending.Count == 0)
            return [];
        var results = new List<(int, TensorStatistics)>(_pending.Count);
        using (NewDisposeScope())
        {
            foreach (var onDevice in _pending.GroupBy(static pending => pending.Device.ToString()))
            {
                var all = cat(onDevice.Select(static pending => pending.Figures).ToArray()).cpu().to_type(ScalarType.Float64);
                var values = all.data<double>().ToArray();
                var start = 0;
                foreach (var pending in onDevice)
                {
                    results.Add((pending.Index, pending.Read(values.AsSpan(start))));
                    start += pending.Length;
                }
            }
        }

        Dispose();
        return results;
    }

    /// <summary>Forgets the reductions that were queued.</summary>
    public void Dispose()
    {
        foreach (var pending in _pending)
            pending.Figures.Dispose();
        _pending.Clear();
    }

    /// <summary>The rows to read, as <c>[rows, units, inner]</c>, in float32 where they are 16-bit.</summary>
    private static Tensor Rows(Tensor tensor, TensorLayout layout, in StatisticsRequest request)
    {
        var rows = tensor.reshape(layout.Rows, layout.Units, layout.Inner);
        var stride = request.StrideOver(layout);
        if (stride > 1)
            rows = rows.slice(0, request.OffsetWithin(stride), layout.Rows, stride);
        return rows.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? rows.to_type(ScalarType.Float32) : rows;
    }

    private static Tensor CountPerUnit(Tensor condition, ScalarType wide) => condition.sum([0, 2], type: wide);

    private sealed class Pending
    {
        public required int Index { get; init; }

        public required Tensor Figures { get; init; }

        public required Device Device { get; init; }

        public required long Count { get; init; }

        public required long SampledCount { get; init; }

        public required int Units { get; init; }

        public required bool CountsActivity { get; init; }

        public required bool CountsBounds { get; init; }

        public required bool ReportsUnits { get; init; }

        public int Length => DeviceReductions.Figures + (CountsActivity ? Units : 0) + (CountsBounds ? Units : 0);

        public TensorStatistics Read(ReadOnlySpan<double> values)
        {
            var counts = values[DeviceReductions.Figures..];
            var active = Counts(counts, CountsActivity);
            var beyond = Counts(counts[active.Length..], CountsBounds);
            var nan = (long)values[0];
            var infinite = (long)values[1];
            var any = SampledCount > nan + infinite;
            return new TensorStatistics
            {
                Count = Count,
                SampledCount = SampledCount,
                NaN = nan,
                Infinite = infinite,
                Sum = values[2],
                SumOfSquares = values[3],
                Min = any ? values[4] : double.NaN,
                Max = any ? values[5] : double.NaN,
                Zeros = (long)values[6],
                BeyondBounds = beyond.Sum(static count => (long)count),
                Units = ReportsUnits
                    ? new UnitActivity { Positions = SampledCount / Units, Active = active, Beyond = beyond }
                    : null,
            };
        }

        private int[] Counts(ReadOnlySpan<double> values, bool counted)
        {
            var counts = new int[counted ? Units : 0];
            for (var unit = 0; unit < counts.Length; unit++)
                counts[unit] = (int)Math.Min(int.MaxValue, values[unit]);
            return counts;
        }
    }
}
