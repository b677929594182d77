using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace GradGuard.Monitor.Statistics;

/// <summary>One reading of CPU memory: chunks through the kernel, parts over threads, results merged in order.</summary>
/// <typeparam name="T">Type that the kernel computes in: float or double.</typeparam>
/// <typeparam name="TSource">How the elements lie in memory.</typeparam>
/// <typeparam name="TCounting">What is counted besides the moments.</typeparam>
internal readonly unsafe struct CpuPass<T, TSource, TCounting>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TSource : struct, IElementSource<T>
    where TCounting : struct, ICounting
{
    private readonly byte* _data;
    private readonly RowPlan _plan;
    private readonly Criteria<T> _criteria;

    private CpuPass(byte* data, in RowPlan plan, in StatisticsRequest request)
    {
        _data = data;
        _plan = plan;
        _criteria = new Criteria<T>(request);
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
        var statistics = pass.Run(degree, countUnits);
        return plan.HasBlocks && statistics.IsSparse && pass.FilledBlocks() is var filled && plan.IsMissedBy(filled) ? Run(data, plan.Closer(request, filled), request, degree, countUnits) : statistics;
    }

    private TensorStatistics Run(int degree, bool countUnits)
    {
        if (_plan.Parts > 1 && degree > 1)
            return RunParallel(degree, countUnits);
        var whole = ReadPart(0);
        for (var part = 1; part < _plan.Parts; part++)
            whole.Merge(ReadPart(part));
        return Statistics(whole, countUnits);
    }

    /// <summary>Blocks that are not zero throughout.</summary>
    private long FilledBlocks()
    {
        var filled = 0L;
        Span<T> widened = stackalloc T[RowPlan.BlockElements];
        for (var row = 0L; row < _plan.Count; row++)
        {
            var block = new ReadOnlySpan<byte>(_data + (_plan.StartOf(row) * TSource.Size), RowPlan.BlockElements * TSource.Size);
            if (TSource.Widens)
                TSource.Widen(block, widened);
            filled += (TSource.Widens ? widened : MemoryMarshal.Cast<byte, T>(block)).ContainsAnyExcept(T.Zero) ? 1 : 0;
        }

        return filled;
    }

    /// <summary>In a method of its own: what the threads share is an object, which most tensors are too small to need.</summary>
    private TensorStatistics RunParallel(int degree, bool countUnits)
    {
        var pass = this;
        var parts = new Part[_plan.Parts];
        Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = degree }, index => parts[index] = pass.ReadPart(index));
        for (var part = 1; part < parts.Length; part++)
            parts[0].Merge(parts[part]);
        return Statistics(parts[0], countUnits);
    }

    private Part ReadPart(int index) => ReadRows(index * _plan.RowsPerPart, Math.Min(_plan.Count, (index + 1) * _plan.RowsPerPart));

    private Part ReadRows(long first, long end)
    {
        var counters = _plan.Units * StatisticsKernel<T, TCounting>.CountersPerUnit;
        var part = new Part { Active = TCounting.Activity ? new int[counters] : [], Beyond = TCounting.Bounds ? new int[counters] : [] };
        var gathered = TSource.Widens || _plan.HasRuns || _plan.HasBlocks
            ? ArrayPool<T>.Shared.Rent(checked((int)(_plan.RowsPerChunk * _plan.Units * _plan.Inner)))
            : null;
        for (var row = first; row < end; row += _plan.RowsPerChunk)
        {
            var rows = Math.Min(_plan.RowsPerChunk, end - row);
            var start = _plan.StartOf(row);
            var inner = _plan.InnerAt(start);
            if (gathered is null)
            {
                ReadChunk((T*)_data + start, rows, _plan.Pitch, inner, ref part);
            }
            else
            {
                Gather(row, rows, inner, gathered);
                var (lines, line) = _plan.HasBlocks ? (1, rows * inner) : (rows, inner);
                fixed (T* chunk = gathered)
                    ReadChunk(chunk, lines, _plan.Units * line, line, ref part);
            }
        }

        if (gathered is not null)
            ArrayPool<T>.Shared.Return(gathered);
        return part;
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

    /// <summary>Lays the rows of a chunk side by side: those of a type that the kernel does not compute in, blocks, or the runs of one row.</summary>
    private void Gather(long row, long rows, long inner, Span<T> target)
    {
        if (_plan.HasRuns)
        {
            GatherRuns(_plan.StartOf(row), (int)inner, target);
            return;
        }

        var length = (int)(_plan.Units * inner);
        if (_plan.HasBlocks)
        {
            GatherBlocks(row, (int)rows, length, target);
            return;
        }

        for (var piece = 0; piece < rows; piece++)
            Copy(_plan.StartOf(row + piece), target.Slice(piece * length, length));
    }

    private void GatherRuns(long start, int length, Span<T> target)
    {
        var ahead = Math.Min(Prefetch.BlocksAhead(length * TSource.Size), _plan.Units);
        for (var unit = 0; unit < ahead; unit++)
            AskFor(start + (unit * _plan.UnitPitch), length);
        for (var unit = 0; unit < _plan.Units; unit++)
        {
            if (unit + ahead < _plan.Units)
                AskFor(start + ((unit + ahead) * _plan.UnitPitch), length);
            Copy(start + (unit * _plan.UnitPitch), target.Slice(unit * length, length));
        }
    }

    private void GatherBlocks(long row, int count, int length, Span<T> target)
    {
        // Where a block begins is computed once, when its memory is asked for.
        var ahead = Math.Min(Prefetch.BlocksAhead(length * TSource.Size), count);
        Span<long> starts = stackalloc long[ahead];
        for (var block = 0; block < ahead; block++)
            AskFor(starts[block] = _plan.StartOf(row + block), length);
        for (int block = 0, place = 0; block < count; block++, place = place + 1 < ahead ? place + 1 : 0)
        {
            var start = starts[place];
            if (block + ahead < count)
                AskFor(starts[place] = _plan.StartOf(row + block + ahead), length);
            Copy(start, target.Slice(block * length, length));
        }
    }

    private void AskFor(long start, int length) => Prefetch.Block(_data + (start * TSource.Size), length * TSource.Size);

    private void Copy(long start, Span<T> target) => TSource.Widen(new ReadOnlySpan<byte>(_data + (start * TSource.Size), target.Length * TSource.Size), target);

    private TensorStatistics Statistics(in Part whole, bool countUnits)
    {
        ref readonly var moments = ref whole.Moments;
        var any = _plan.SampledElements > moments.NaN + moments.Infinite;
        return new TensorStatistics
        {
            Count = _plan.Represented,
            SampledCount = _plan.SampledElements,
            NaN = moments.NaN,
            Infinite = moments.Infinite,
            Sum = moments.Sum,
            SumOfSquares = moments.SumOfSquares,
            Min = any ? moments.Min : double.NaN,
            Max = any ? moments.Max : double.NaN,
            Zeros = moments.Zeros,
            BeyondBounds = Total(whole.Beyond),
            Units = countUnits
                ? new UnitActivity { Positions = _plan.SampledElements / _plan.Units, Active = OfUnits(whole.Active), Beyond = OfUnits(whole.Beyond) }
                : null,
        };
    }

    private static long Total(int[] counters)
    {
        var total = 0L;
        for (var counter = 0; counter < counters.Length; counter += StatisticsKernel<T, TCounting>.CountersPerUnit)
            total += counters[counter];
        return total;
    }

    private static int[] OfUnits(int[] counters)
    {
        var width = StatisticsKernel<T, TCounting>.CountersPerUnit;
        if (width == 1)
            return counters;
        var units = new int[counters.Length / width];
        for (var unit = 0; unit < units.Length; unit++)
            units[unit] = counters[unit * width];
        return units;
    }

    private struct Part()
    {
        public Moments Moments = new();
        public int[] Active = [];
        public int[] Beyond = [];

        /// <summary>Adds up counts of elements, of which a pass covers less than 2³¹.</summary>
        public void Merge(in Part other)
        {
            Moments.Merge(other.Moments);
            Add(other.Active, Active);
            Add(other.Beyond, Beyond);
        }

        private static void Add(int[] counters, int[] to)
        {
            for (var counter = 0; counter < to.Length; counter++)
                to[counter] += counters[counter];
        }
    }
}
