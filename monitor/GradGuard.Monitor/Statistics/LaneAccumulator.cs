using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradGuard.Monitor.Statistics;

/// <summary>The step that the kernels repeat: one vector of elements into the moments, in the precision of the elements.</summary>
/// <remarks>A struct of accumulators would leave the registers, so kernels hold them as locals and pass them into this step.</remarks>
internal static class LaneAccumulator
{
    /// <summary>
    /// Steps between two moves of the sums into double. Each addition to a float32 lane rounds by at most 2⁻²⁴ of it: 32 of them stay
    /// within 2e-6, and, as they round both ways and over many lanes, measure under 1e-7 of the sum of squares.
    /// </summary>
    public const int StepsPerFlush = 32;

    /// <summary>Adds one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<T>(
        Vector256<T> x, ref Vector256<T> sum, ref Vector256<T> squares, ref Vector256<T> min, ref Vector256<T> max, ref Vector256<int> zeros)
    {
        sum += x;
        squares = MultiplyAdd(x, squares);
        min = Min(x, min);
        max = Max(x, max);
        zeros -= Vector256.Equals(x, Vector256<T>.Zero).AsInt32();
    }

    /// <summary>Moves two partial sums into a sum in double and clears them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Flush<T>(ref Vector256<T> first, ref Vector256<T> second, ref Vector256<double> total)
    {
        total += Widen(first) + Widen(second);
        first = default;
        second = default;
    }

    /// <summary>The lanes in double; of float32, which has twice as many, the sums of the lower and upper half.</summary>
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

    // The IEEE minimum spends instructions on NaN and on the sign of zero; a part with a NaN is read again anyhow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Min<T>(Vector256<T> x, Vector256<T> min)
    {
#if NET9_0_OR_GREATER
        return Vector256.MinNative(x, min);
#else
        return Vector256.ConditionalSelect(Vector256.LessThan(x, min), x, min);
#endif
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Max<T>(Vector256<T> x, Vector256<T> max)
    {
#if NET9_0_OR_GREATER
        return Vector256.MaxNative(x, max);
#else
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x, max), x, max);
#endif
    }
}
