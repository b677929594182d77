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
    /// <returns>Moments, in which a non-finite sum of squares says that the sums, minimum and maximum are not to be used.</returns>
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
        var width = sizeof(T) / sizeof(int);
        Vector256<double> sumLow = default, sumHigh = default, squaresLow = default, squaresHigh = default;
        var min = Vector256.Create(T.PositiveInfinity);
        var max = Vector256.Create(T.NegativeInfinity);
        Vector256<int> zeros = default;
        var lower = Vector256.Create(criteria.Lower);
        var upper = Vector256.Create(criteria.Upper);
        var threshold = Vector256.Create(criteria.Threshold);
        var sign = criteria.Magnitude ? Vector256.Create(T.NegativeZero) : Vector256<T>.Zero;
        var tail = new Moments();

        for (nint row = 0; row < count; row++)
        {
            for (var unit = 0; unit < units; unit++)
            {
                var x = rows + (row * pitch) + (unit * inner);
                Vector256<int> unitActive = default, unitBeyond = default;
                nint i = 0;
                for (; i <= inner - Vector256<T>.Count; i += Vector256<T>.Count)
                {
                    var lanes = Vector256.Load(x + i);
                    LaneAccumulator.Add(
                        lanes, ref sumLow, ref sumHigh, ref squaresLow, ref squaresHigh, ref min, ref max, ref zeros);
                    if (TCounting.Activity)
                        unitActive -= Vector256.GreaterThan(Vector256.AndNot(lanes, sign), threshold).AsInt32();
                    if (TCounting.Bounds)
                        unitBeyond -= (Vector256.LessThan(lanes, lower) | Vector256.GreaterThan(lanes, upper)).AsInt32();
                }

                if (TCounting.Activity)
                    active[unit * width] += LaneAccumulator.CountOf<T>(unitActive);
                if (TCounting.Bounds)
                    beyond[unit * width] += LaneAccumulator.CountOf<T>(unitBeyond);
                for (; i < inner; i++)
                    AddOne<T, TCounting>(x[i], unit * width, criteria, ref tail, active, beyond);
            }
        }

        return Gather(sumLow + sumHigh, squaresLow + squaresHigh, min, max, zeros, tail);
    }

    private static Moments AlongUnits<T, TCounting>(
        T* rows, nint count, nint pitch, int units, in Criteria<T> criteria, Span<int> active, Span<int> beyond)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCounting : struct, ICounting
    {
        var width = sizeof(T) / sizeof(int);
        Vector256<double> sumLow = default, sumHigh = default, squaresLow = default, squaresHigh = default;
        var min = Vector256.Create(T.PositiveInfinity);
        var max = Vector256.Create(T.NegativeInfinity);
        Vector256<int> zeros = default;
        var lower = Vector256.Create(criteria.Lower);
        var upper = Vector256.Create(criteria.Upper);
        var threshold = Vector256.Create(criteria.Threshold);
        var sign = criteria.Magnitude ? Vector256.Create(T.NegativeZero) : Vector256<T>.Zero;
        var tail = new Moments();

        fixed (int* activeCounts = active)
        fixed (int* beyondCounts = beyond)
        {
            for (nint row = 0; row < count; row++)
            {
                var x = rows + (row * pitch);
                nint unit = 0;
                for (; unit <= units - Vector256<T>.Count; unit += Vector256<T>.Count)
                {
                    var lanes = Vector256.Load(x + unit);
                    LaneAccumulator.Add(
                        lanes, ref sumLow, ref sumHigh, ref squaresLow, ref squaresHigh, ref min, ref max, ref zeros);
                    if (TCounting.Activity)
                    {
                        var counts = activeCounts + (unit * width);
                        var isActive = Vector256.GreaterThan(Vector256.AndNot(lanes, sign), threshold).AsInt32();
                        (Vector256.Load(counts) - isActive).Store(counts);
                    }

                    if (TCounting.Bounds)
                    {
                        var counts = beyondCounts + (unit * width);
                        var isBeyond = (Vector256.LessThan(lanes, lower) | Vector256.GreaterThan(lanes, upper)).AsInt32();
                        (Vector256.Load(counts) - isBeyond).Store(counts);
                    }
                }

                for (; unit < units; unit++)
                    AddOne<T, TCounting>(x[unit], (int)unit * width, criteria, ref tail, active, beyond);
            }
        }

        return Gather(sumLow + sumHigh, squaresLow + squaresHigh, min, max, zeros, tail);
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
