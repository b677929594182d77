using System.Buffers;
using System.Numerics;

namespace GradGuard.Monitor.Statistics;

/// <summary>One reading of CPU memory: chunks through the kernel, parts over threads, results merged in order.</summary>
/// <typeparam name="T">Type that the kernel computes in: float or double.</typeparam>
/// <typeparam name="TSource">How the elements lie in memory.</typeparam>
/// <typeparam name="TCounting">What is counted besides the moments.</typeparam>
internal sealed unsafe class CpuPass<T, TSource, TCounting>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TSource : struct, IElementSource<T>
    where TCounting : struct, ICounting
{
    private readonly byte* _data;
    private readonly RowPlan _plan;
    private readonly Criteria<T> _criteria;
    private readonly Part[] _parts;

    private CpuPass(byte* data, in RowPlan plan, in StatisticsRequest request)
    {
        _data = data;
        _plan = plan;
        _criteria = new Criteria<T>(request);
        _parts = new Part[plan.Parts];
    }

    /// <summary>Reads the memory that the plan describes; it must stay as it is until this returns.</summary>
    /// <param name="data">First element of the tensor.</param>
    /// <param name="plan">What to read.</param>
    /// <param name="request">What to count.</param>
    /// <param name="degree">Threads to use at most, the calling one included.</param>
    /// <param name="countUnits">Report the counts per unit.</param>
    public static TensorStatistics Run(byte* data, in RowPlan plan, in StatisticsRequest request, int degree, bool countUnits)
    {
        var pass = new CpuPass<T, TSource, TCounting>(data, plan, request);
        if (plan.Parts == 1 || degree == 1)
        {
            for (var part = 0; part < plan.Parts; part++)
                pass.ReadPart(part);
        }
        else
        {
            Parallel.For(0, plan.Parts, new ParallelOptions { MaxDegreeOfParallelism = degree }, pass.ReadPart);
        }

        return pass.Merge(countUnits);
    }

    private void ReadPart(int index)
    {
        ref var part = ref _parts[index];
        part.Moments = new Moments();
        var counters = _plan.Units * (sizeof(T) / sizeof(int));
        part.Active = TCounting.Activity ? new int[counters] : [];
        part.Beyond = TCounting.Bounds ? new int[counters] : [];

        var widened = TSource.Widens
            ? ArrayPool<T>.Shared.Rent(checked((int)(_plan.RowsPerChunk * _plan.Units * _plan.Inner)))
            : null;
        var end = Math.Min(_plan.Count, (index + 1) * _plan.RowsPerPart);
        for (var row = index * _plan.RowsPerPart; row < end; row += _plan.RowsPerChunk)
        {
            var rows = Math.Min(_plan.RowsPerChunk, end - row);
            var start = _plan.First + (row * _plan.Pitch);
            var inner = _plan.InnerAt(start);
            if (widened is null)
            {
                ReadChunk((T*)_data + start, rows, _plan.Pitch, inner, ref part);
            }
            else
            {
                Widen(start, rows, inner, widened);
                fixed (T* chunk = widened)
                    ReadChunk(chunk, rows, _plan.Units * inner, inner, ref part);
            }
        }

        if (widened is not null)
            ArrayPool<T>.Shared.Return(widened);
    }

    private void ReadChunk(T* data, long rows, long pitch, long inner, ref Part part)
    {
        var moments = StatisticsKernel<T, TCounting>.Read(
            data, (nint)rows, (nint)pitch, _plan.Units, (nint)inner, _criteria, part.Active, part.Beyond);
        if (moments.NeedsWiderSums)
        {
            var wide = moments with { Sum = 0, SumOfSquares = 0 };
            for (var row = 0L; row < rows; row++)
                wide.AddWide(new ReadOnlySpan<T>(data + (row * pitch), (int)(_plan.Units * inner)));
            moments = wide;
        }

        if (!double.IsFinite(moments.SumOfSquares))
        {
            moments = new Moments { Zeros = moments.Zeros };
            for (var row = 0L; row < rows; row++)
                moments.AddFiniteOnly(new ReadOnlySpan<T>(data + (row * pitch), (int)(_plan.Units * inner)));
        }

        part.Moments.Merge(moments);
    }

    private void Widen(long start, long rows, long inner, Span<T> target)
    {
        var length = (int)(_plan.Units * inner);
        for (var row = 0L; row < rows; row++)
        {
            var source = new ReadOnlySpan<byte>(_data + ((start + (row * _plan.Pitch)) * TSource.Size), length * TSource.Size);
            TSource.Widen(source, target.Slice((int)row * length, length));
        }
    }

    private TensorStatistics Merge(bool countUnits)
    {
        var moments = new Moments();
        foreach (ref readonly var part in _parts.AsSpan())
            moments.Merge(part.Moments);
        var active = Total(static part => part.Active);
        var beyond = Total(static part => part.Beyond);
        var any = _plan.SampledElements > moments.NaN + moments.Infinite;
        return new TensorStatistics
        {
            Count = _plan.Elements,
            SampledCount = _plan.SampledElements,
            NaN = moments.NaN,
            Infinite = moments.Infinite,
            Sum = moments.Sum,
            SumOfSquares = moments.SumOfSquares,
            Min = any ? moments.Min : double.NaN,
            Max = any ? moments.Max : double.NaN,
            Zeros = moments.Zeros,
            BeyondBounds = beyond.Sum(),
            Units = countUnits
                ? new UnitActivity { Positions = _plan.SampledElements / _plan.Units, Active = active, Beyond = beyond }
                : null,
        };
    }

    private long[] Total(Func<Part, int[]> counts)
    {
        var width = sizeof(T) / sizeof(int);
        var total = new long[counts(_parts[0]).Length / width];
        foreach (var part in _parts)
        {
            var partial = counts(part);
            for (var unit = 0; unit < total.Length; unit++)
                total[unit] += partial[unit * width];
        }

        return total;
    }

    private struct Part
    {
        public Moments Moments;
        public int[] Active;
        public int[] Beyond;
    }
}
