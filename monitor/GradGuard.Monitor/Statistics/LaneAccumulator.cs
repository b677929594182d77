using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradGuard.Monitor.Statistics;

/// <summary>The step that every kernel repeats: one vector of elements into the moments.</summary>
/// <remarks>
/// Sums are kept in double: the square of a float32 gradient of 1e-25 is zero in float32, and that of 1e20 infinite. A struct of
/// accumulators would leave the registers, so kernels hold them as locals and pass them by reference into this inlined step.
/// </remarks>
internal static class LaneAccumulator
{
    /// <summary>Adds one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<T>(
        Vector256<T> x,
        ref Vector256<double> sumLow,
        ref Vector256<double> sumHigh,
        ref Vector256<double> squaresLow,
        ref Vector256<double> squaresHigh,
        ref Vector256<T> min,
        ref Vector256<T> max,
        ref Vector256<int> zeros)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            var (low, high) = Vector256.Widen(x.AsSingle());
            sumLow += low;
            sumHigh += high;
            squaresLow = MultiplyAdd(low, squaresLow);
            squaresHigh = MultiplyAdd(high, squaresHigh);
        }
        else
        {
            var low = x.AsDouble();
            sumLow += low;
            squaresLow = MultiplyAdd(low, squaresLow);
        }

        min = Min(x, min);
        max = Max(x, max);
        zeros -= Vector256.Equals(x, Vector256<T>.Zero).AsInt32();
    }

    /// <summary>Elements counted by a sum of comparison masks: a float64 mask is two int32 lanes wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountOf<T>(Vector256<int> masks) => Vector256.Sum(masks) / (Unsafe.SizeOf<T>() / sizeof(int));

    /// <summary>Smallest lane.</summary>
    public static double MinOf<T>(Vector256<T> lanes)
        where T : unmanaged, INumber<T>
    {
        var min = lanes[0];
        for (var lane = 1; lane < Vector256<T>.Count; lane++)
            min = T.Min(min, lanes[lane]);
        return double.CreateTruncating(min);
    }

    /// <summary>Largest lane.</summary>
    public static double MaxOf<T>(Vector256<T> lanes)
        where T : unmanaged, INumber<T>
    {
        var max = lanes[0];
        for (var lane = 1; lane < Vector256<T>.Count; lane++)
            max = T.Max(max, lanes[lane]);
        return double.CreateTruncating(max);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> MultiplyAdd(Vector256<double> x, Vector256<double> sum)
    {
#if NET9_0_OR_GREATER
        return Vector256.MultiplyAddEstimate(x, x, sum);
#else
        return sum + (x * x);
#endif
    }

    // The IEEE minimum spends instructions on NaN and on the sign of zero; a part with a NaN is read again anyhow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Min<T>(Vector256<T> x, Vector256<T> min)
    {
#if NET9_0_OR_GREATER
        return Vector256.MinNative(x, min);
#else
        return Vector256.ConditionalSelect(Vector256.LessThan(x, min), x, min);
#endif
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Max<T>(Vector256<T> x, Vector256<T> max)
    {
#if NET9_0_OR_GREATER
        return Vector256.MaxNative(x, max);
#else
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x, max), x, max);
#endif
    }
}
