using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradGuard.Monitor.Statistics;

/// <summary>The moments of a pass while they are still spread over vector lanes.</summary>
internal struct LaneMoments<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector256<double> Sum;
    public Vector256<double> Squares;
    public Vector256<T> Min = Vector256.Create(T.PositiveInfinity);
    public Vector256<T> Max = Vector256.Create(T.NegativeInfinity);
    public Vector256<int> Zeros;

    public LaneMoments()
    {
    }

    /// <summary>Folds the lanes into one set of figures.</summary>
    public readonly Moments Gather() => new()
    {
        Sum = Vector256.Sum(Sum),
        SumOfSquares = Vector256.Sum(Squares),
        Min = Fold(Min, T.Min),
        Max = Fold(Max, T.Max),
        Zeros = LaneStep.CountOf<T>(Zeros),
    };

    private static double Fold(Vector256<T> lanes, Func<T, T, T> pick)
    {
        var fold = lanes[0];
        for (var lane = 1; lane < Vector256<T>.Count; lane++)
            fold = pick(fold, lanes[lane]);
        return double.CreateTruncating(fold);
    }
}

/// <summary>What the kernels do with two vectors of elements, in the precision of the elements.</summary>
/// <remarks>
/// The accumulators of a loop have to stay in registers: a kernel holds them as locals of a method that does nothing else, and
/// passes them into these steps, which are inlined.
/// </remarks>
internal static class LaneStep
{
    /// <summary>
    /// Steps after which the sums move into double. An addition to a float32 lane rounds by at most 2⁻²⁴ of it, so that 32 of them
    /// stay within 2e-6; as they round both ways and over many lanes, under 1e-7 of the sum of squares is what is measured.
    /// </summary>
    public const int PerFlush = 32;

    /// <summary>Adds two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<T>(
        Vector256<T> x0,
        Vector256<T> x1,
        ref Vector256<T> sum,
        ref Vector256<T> squares0,
        ref Vector256<T> squares1,
        ref Vector256<T> min,
        ref Vector256<T> max,
        ref Vector256<int> zeros)
    {
        sum += x0 + x1;
        squares0 = MultiplyAdd(x0, squares0);
        squares1 = MultiplyAdd(x1, squares1);
        min = Min(min, Min(x0, x1));
        max = Max(max, Max(x0, x1));
        zeros -= Vector256.Equals(x0, Vector256<T>.Zero).AsInt32() + Vector256.Equals(x1, Vector256<T>.Zero).AsInt32();
    }

    /// <summary>The lanes in double; of float32, which has twice as many, the sums of lower and upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Widen<T>(Vector256<T> lanes)
    {
        if (typeof(T) == typeof(double))
            return lanes.AsDouble();
        var (low, high) = Vector256.Widen(lanes.AsSingle());
        return low + high;
    }

    /// <summary>Elements counted by a sum of comparison masks: a float64 mask is two int32 lanes wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountOf<T>(Vector256<int> counts) => Vector256.Sum(counts) / (Unsafe.SizeOf<T>() / sizeof(int));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd<T>(Vector256<T> x, Vector256<T> sum)
    {
#if NET9_0_OR_GREATER
        if (typeof(T) == typeof(double))
            return Vector256.MultiplyAddEstimate(x.AsDouble(), x.AsDouble(), sum.AsDouble()).As<double, T>();
        return Vector256.MultiplyAddEstimate(x.AsSingle(), x.AsSingle(), sum.AsSingle()).As<float, T>();
#else
        return sum + (x * x);
#endif
    }

    // The IEEE minimum spends instructions on NaN and on the sign of zero; a chunk with a NaN is read again anyhow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Min<T>(Vector256<T> x, Vector256<T> y)
    {
#if NET9_0_OR_GREATER
        return Vector256.MinNative(x, y);
#else
        return Vector256.ConditionalSelect(Vector256.LessThan(x, y), x, y);
#endif
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Max<T>(Vector256<T> x, Vector256<T> y)
    {
#if NET9_0_OR_GREATER
        return Vector256.MaxNative(x, y);
#else
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x, y), x, y);
#endif
    }
}
