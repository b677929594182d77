using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradGuard.Monitor.Statistics;

/// <summary>
/// One pass over rows of float32 or float64 elements: moments of all, counts per unit. Vectors run along the elements of a unit
/// where a unit has neighbouring elements, and along the units where it has one.
/// </summary>
/// <remarks>
/// <c>active</c> and <c>beyond</c> are added to; each has one int32 for every four bytes of an element (two for a float64 unit,
/// both holding the count), so that comparison masks are subtracted from them as they are. A pass covers less than 2³¹ elements.
/// </remarks>
internal static unsafe class StatisticsKernel
{
    /// <summary>Reads rows that are <paramref name="pitch"/> elements apart.</summary>
    /// <returns>
    /// Moments summed in the precision of the elements: <see cref="Moments.NeedsWiderSums"/> says whether that was enough.
    /// </returns>
    public static Moments Read<T, TCounting>(
        T* rows, nint count, nint pitch, int units, nint inner, in Criteria<T> criteria, Span<int> active, Span<int> beyond)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCounting : struct, ICounting
        => inner == 1 && units > 1
            ? AlongUnits<T, TCounting>(rows, count, pitch, units, criteria, active, beyond)
            : AlongInner<T, TCounting>(rows, count, pitch, units, inner, criteria, active, beyond);

    private static Moments AlongInner<T, TCounting>(
        T* rows, nint count, nint pitch, int units, nint inner, in Criteria<T> criteria, Span<int> active, Span<int> beyond)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCounting : struct, ICounting
    {
        var lanes = (nint)Vector256<T>.Count;
        var width = sizeof(T) / sizeof(int);
        var comparison = new LaneCriteria<T>(criteria);
        Vector256<double> sum = default, squares = default;
        Vector256<T> sum0 = default, sum1 = default, squares0 = default, squares1 = default;
        Vector256<T> min0 = Vector256.Create(T.PositiveInfinity), min1 = min0, max0 = Vector256.Create(T.NegativeInfinity), max1 = max0;
        Vector256<int> zeros0 = default, zeros1 = default;
        var tail = new Moments();
        var steps = 0;

        for (nint row = 0; row < count; row++)
        {
            for (var unit = 0; unit < units; unit++)
            {
                var x = rows + (row * pitch) + (unit * inner);
                Vector256<int> unitActive = default, unitBeyond = default;
                nint i = 0;
                for (; i <= inner - (2 * lanes); i += 2 * lanes)
                {
                    var x0 = Vector256.Load(x + i);
                    var x1 = Vector256.Load(x + i + lanes);
                    LaneAccumulator.Add(x0, ref sum0, ref squares0, ref min0, ref max0, ref zeros0);
                    LaneAccumulator.Add(x1, ref sum1, ref squares1, ref min1, ref max1, ref zeros1);
                    if (TCounting.Activity)
                        unitActive += comparison.Active(x0) + comparison.Active(x1);
                    if (TCounting.Bounds)
                        unitBeyond += comparison.Beyond(x0) + comparison.Beyond(x1);
                    if (++steps == LaneAccumulator.StepsPerFlush)
                    {
                        LaneAccumulator.Flush(ref sum0, ref sum1, ref sum);
                        LaneAccumulator.Flush(ref squares0, ref squares1, ref squares);
                        steps = 0;
                    }
                }

                if (TCounting.Activity)
                    active[unit * width] -= LaneAccumulator.CountOf<T>(unitActive);
                if (TCounting.Bounds)
                    beyond[unit * width] -= LaneAccumulator.CountOf<T>(unitBeyond);
                for (; i < inner; i++)
                    AddOne<T, TCounting>(x[i], unit * width, criteria, ref tail, active, beyond);
            }
        }

        LaneAccumulator.Flush(ref sum0, ref sum1, ref sum);
        LaneAccumulator.Flush(ref squares0, ref squares1, ref squares);
        return Gather(sum, squares, LaneAccumulator.Min(min0, min1), LaneAccumulator.Max(max0, max1), zeros0 + zeros1, tail);
    }

    private static Moments AlongUnits<T, TCounting>(
        T* rows, nint count, nint pitch, int units, in Criteria<T> criteria, Span<int> active, Span<int> beyond)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCounting : struct, ICounting
    {
        var lanes = (nint)Vector256<T>.Count;
        var width = sizeof(T) / sizeof(int);
        var comparison = new LaneCriteria<T>(criteria);
        Vector256<double> sum = default, squares = default;
        Vector256<T> sum0 = default, sum1 = default, squares0 = default, squares1 = default;
        Vector256<T> min0 = Vector256.Create(T.PositiveInfinity), min1 = min0, max0 = Vector256.Create(T.NegativeInfinity), max1 = max0;
        Vector256<int> zeros0 = default, zeros1 = default;
        var tail = new Moments();
        var steps = 0;

        fixed (int* activeCounts = active)
        fixed (int* beyondCounts = beyond)
        {
            // Rows go in pairs, so that the counts of a vector of units are loaded and stored once for two.
            for (nint row = 0; row < count; row += 2)
            {
                var x = rows + (row * pitch);
                var paired = row + 1 < count;
                nint unit = 0;
                for (; paired && unit <= units - lanes; unit += lanes)
                {
                    var x0 = Vector256.Load(x + unit);
                    var x1 = Vector256.Load(x + pitch + unit);
                    LaneAccumulator.Add(x0, ref sum0, ref squares0, ref min0, ref max0, ref zeros0);
                    LaneAccumulator.Add(x1, ref sum1, ref squares1, ref min1, ref max1, ref zeros1);
                    if (TCounting.Activity)
                    {
                        var counts = activeCounts + (unit * width);
                        (Vector256.Load(counts) - comparison.Active(x0) - comparison.Active(x1)).Store(counts);
                    }

                    if (TCounting.Bounds)
                    {
                        var counts = beyondCounts + (unit * width);
                        (Vector256.Load(counts) - comparison.Beyond(x0) - comparison.Beyond(x1)).Store(counts);
                    }

                    if (++steps == LaneAccumulator.StepsPerFlush)
                    {
                        LaneAccumulator.Flush(ref sum0, ref sum1, ref sum);
                        LaneAccumulator.Flush(ref squares0, ref squares1, ref squares);
                        steps = 0;
                    }
                }

                for (; unit < units; unit++)
                {
                    AddOne<T, TCounting>(x[unit], (int)unit * width, criteria, ref tail, active, beyond);
                    if (paired)
                        AddOne<T, TCounting>(x[pitch + unit], (int)unit * width, criteria, ref tail, active, beyond);
                }
            }
        }

        LaneAccumulator.Flush(ref sum0, ref sum1, ref sum);
        LaneAccumulator.Flush(ref squares0, ref squares1, ref squares);
        return Gather(sum, squares, LaneAccumulator.Min(min0, min1), LaneAccumulator.Max(max0, max1), zeros0 + zeros1, tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOne<T, TCounting>(
        T element, int counter, in Criteria<T> criteria, ref Moments moments, Span<int> active, Span<int> beyond)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCounting : struct, ICounting
    {
        var value = double.CreateTruncating(element);
        moments.Sum += value;
        moments.SumOfSquares += value * value;
        moments.Min = value < moments.Min ? value : moments.Min;
        moments.Max = value > moments.Max ? value : moments.Max;
        if (value == 0)
            moments.Zeros++;
        if (TCounting.Activity && criteria.IsActive(element))
            active[counter]++;
        if (TCounting.Bounds && criteria.IsBeyond(element))
            beyond[counter]++;
    }

    private static Moments Gather<T>(
        Vector256<double> sum, Vector256<double> squares, Vector256<T> min, Vector256<T> max, Vector256<int> zeros, Moments tail)
        where T : unmanaged, INumber<T>
    {
        tail.Sum += Vector256.Sum(sum);
        tail.SumOfSquares += Vector256.Sum(squares);
        tail.Min = Math.Min(tail.Min, LaneAccumulator.MinOf(min));
        tail.Max = Math.Max(tail.Max, LaneAccumulator.MaxOf(max));
        tail.Zeros += LaneAccumulator.CountOf<T>(zeros);
        return tail;
    }
}
