using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// One pass over rows of float32 or float64 elements: moments of all, counts per unit. Vectors run along the elements of a unit
/// where a unit has neighbouring elements, and along the units where it has one.
/// </summary>
/// <remarks>
/// Counts are added to, one int32 for every four bytes of an element (two for a float64 unit, both holding the count), so that
/// comparison masks are subtracted from them as they are. A pass covers less than 2³¹ elements. The loops are compiled optimised at
/// once: generic vector code in the compiler's first tier is a call for every operator, just when the first steps are read densely.
/// </remarks>
internal unsafe ref struct StatisticsKernel<T, TCounting>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TCounting : struct, ICounting
{
    /// <summary>Counters of a unit: two int32 for a float64, which hold the same.</summary>
    public static readonly int CountersPerUnit = sizeof(T) / sizeof(int);

    private readonly Criteria<T> _criteria;
    private readonly Span<int> _active;
    private readonly Span<int> _beyond;
    private LaneMoments<T> _lanes = new();
    private Moments _tail = new();

    private StatisticsKernel(in Criteria<T> criteria, Span<int> active, Span<int> beyond)
    {
        _criteria = criteria;
        _active = active;
        _beyond = beyond;
    }

    /// <summary>Reads rows that are <paramref name="pitch"/> elements apart.</summary>
    /// <returns>
    /// Moments summed in the precision of the elements: <see cref="Moments.NeedsWiderSums"/> says whether that was enough.
    /// </returns>
    public static Moments Read(
        T* rows, nint count, nint pitch, int units, nint inner, in Criteria<T> criteria, Span<int> active, Span<int> beyond)
    {
        var kernel = new StatisticsKernel<T, TCounting>(criteria, active, beyond);
        if (inner == 1 && units > 1)
            kernel.AlongUnits(rows, count, pitch, units);
        else
            kernel.AlongInner(rows, count, pitch, units, inner);
        kernel._tail.Merge(kernel._lanes.Gather());
        return kernel._tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AlongInner(T* rows, nint count, nint pitch, int units, nint inner)
    {
        var step = 2 * Vector256<T>.Count;
        var steps = inner / step;
        var ahead = units == 1 && pitch > inner ? Prefetch.BlocksAhead(inner * sizeof(T)) : count;
        for (nint row = 0; row < count; row++)
        {
            if (row + ahead < count)
                Prefetch.Block(rows + ((row + ahead) * pitch), inner * sizeof(T));
            for (var unit = 0; unit < units; unit++)
            {
                var x = rows + (row * pitch) + (unit * inner);
                for (nint done = 0; done < steps; done += LaneStep.PerFlush)
                    AddRun(x + (done * step), (int)Math.Min(LaneStep.PerFlush, steps - done), unit * CountersPerUnit);
                for (var i = steps * step; i < inner; i++)
                    AddOne(x[i], unit * CountersPerUnit);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AlongUnits(T* rows, nint count, nint pitch, int units)
    {
        var step = Vector256<T>.Count;
        var steps = count > 1 ? units / step : 0;
        var pairs = count / 2;

        // The counts of a tile of units stay in the cache while all rows pass by; rows go in pairs, so that a vector of counts is
        // loaded and stored once for two.
        for (var done = 0; done < steps; done += LaneStep.PerFlush)
        {
            var unit = done * step;
            for (nint pair = 0; pair < pairs; pair++)
            {
                var x = rows + (2 * pair * pitch) + unit;
                AddPair(x, x + pitch, Math.Min(LaneStep.PerFlush, steps - done), unit * CountersPerUnit);
            }
        }

        for (nint row = 0; row < count; row++)
        {
            for (var unit = row < 2 * pairs ? steps * step : 0; unit < units; unit++)
                AddOne(rows[(row * pitch) + unit], unit * CountersPerUnit);
        }
    }

    /// <summary>Adds neighbouring elements of one unit, two vectors a step.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void AddRun(T* x, int steps, int counter)
    {
        var comparison = new LaneCriteria<T>(_criteria);
        Vector256<T> sum = default, squares0 = default, squares1 = default;
        var (min, max, zeros) = (_lanes.Min, _lanes.Max, _lanes.Zeros);
        Vector256<int> active = default, beyond = default;
        for (var end = x + (2 * Vector256<T>.Count * steps); x < end; x += 2 * Vector256<T>.Count)
        {
            var x0 = Vector256.Load(x);
            var x1 = Vector256.Load(x + Vector256<T>.Count);
            LaneStep.Add(x0, x1, ref sum, ref squares0, ref squares1, ref min, ref max, ref zeros);
            if (TCounting.Activity)
                active -= comparison.Active(x0) + comparison.Active(x1);
            if (TCounting.Bounds)
                beyond -= comparison.Beyond(x0) + comparison.Beyond(x1);
        }

        Store(sum, squares0 + squares1, min, max, zeros);
        if (TCounting.Activity)
            _active[counter] += LaneStep.CountOf<T>(active);
        if (TCounting.Bounds)
            _beyond[counter] += LaneStep.CountOf<T>(beyond);
    }

    /// <summary>Adds neighbouring units of two rows, a vector of each a step.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void AddPair(T* first, T* second, int steps, int counter)
    {
        var comparison = new LaneCriteria<T>(_criteria);
        Vector256<T> sum = default, squares0 = default, squares1 = default;
        var (min, max, zeros) = (_lanes.Min, _lanes.Max, _lanes.Zeros);
        fixed (int* active = TCounting.Activity ? _active[counter..] : default)
        fixed (int* beyond = TCounting.Bounds ? _beyond[counter..] : default)
        {
            for (var step = 0; step < steps; step++)
            {
                var x0 = Vector256.Load(first + (step * Vector256<T>.Count));
                var x1 = Vector256.Load(second + (step * Vector256<T>.Count));
                LaneStep.Add(x0, x1, ref sum, ref squares0, ref squares1, ref min, ref max, ref zeros);
                if (TCounting.Activity)
                    Subtract(comparison.Active(x0) + comparison.Active(x1), active + (step * Vector256<int>.Count));
                if (TCounting.Bounds)
                    Subtract(comparison.Beyond(x0) + comparison.Beyond(x1), beyond + (step * Vector256<int>.Count));
            }
        }

        Store(sum, squares0 + squares1, min, max, zeros);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(Vector256<int> masks, int* counts) => (Vector256.Load(counts) - masks).Store(counts);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(Vector256<T> sum, Vector256<T> squares, Vector256<T> min, Vector256<T> max, Vector256<int> zeros)
    {
        _lanes.Sum += LaneStep.Widen(sum);
        _lanes.Squares += LaneStep.Widen(squares);
        (_lanes.Min, _lanes.Max, _lanes.Zeros) = (min, max, zeros);
    }

    private void AddOne(T element, int counter)
    {
        var value = double.CreateTruncating(element);
        _tail.Sum += value;
        _tail.SumOfSquares += value * value;
        _tail.Min = value < _tail.Min ? value : _tail.Min;
        _tail.Max = value > _tail.Max ? value : _tail.Max;
        if (value == 0)
            _tail.Zeros++;
        if (TCounting.Activity && _criteria.IsActive(element))
            _active[counter]++;
        if (TCounting.Bounds && _criteria.IsBeyond(element))
            _beyond[counter]++;
    }
}
