using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>How far a parameter moved, and how large it was: both sums from one pass over the two states.</summary>
/// <param name="SquaredDistance">‖after − before‖² over the positions where both are finite.</param>
/// <param name="SquaredNorm">‖before‖² over the same positions.</param>
/// <param name="NonFinite">Positions where either is not finite.</param>
internal readonly record struct UpdateNorm(double SquaredDistance, double SquaredNorm, long NonFinite)
{
    private const int BlockElements = 4096;

    /// <summary>‖after − before‖ / ‖before‖; infinite for a parameter that left zero, NaN for one that stayed there.</summary>
    public double Ratio => Math.Sqrt(SquaredDistance) / Math.Sqrt(SquaredNorm);

    /// <summary>Compares two states of a parameter.</summary>
    /// <param name="before">The earlier state.</param>
    /// <param name="after">The later state: same shape, element type and device.</param>
    /// <returns>Null where either cannot be read or they do not match.</returns>
    public static UpdateNorm? Between(Tensor before, Tensor after)
    {
        if (ReadableTensor.ReasonToSkip(before) != SkipReason.None || ReadableTensor.ReasonToSkip(after) != SkipReason.None
            || before.dtype != after.dtype || before.device_type != after.device_type || !TensorLayout.SameShape(before, after))
            return null;

        // The kernel reads neither 16-bit elements nor more than a span covers.
        if (before.device_type != DeviceType.CPU || before.NumberOfElements * before.ElementSize > int.MaxValue
            || before.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            return ByTorch(before, after);
        using var x = before.is_contiguous() ? null : Ordered(before);
        using var y = after.is_contiguous() ? null : Ordered(after);
        return OfMemory(x ?? before, y ?? after);
    }

    private static Tensor Ordered(Tensor tensor)
    {
        using var detached = tensor.detach();
        return detached.contiguous();
    }

    private static UpdateNorm OfMemory(Tensor x, Tensor y)
    {
        var update = x.dtype == ScalarType.Float32
            ? Between<float>(MemoryMarshal.Cast<byte, float>(x.bytes), MemoryMarshal.Cast<byte, float>(y.bytes))
            : Between<double>(MemoryMarshal.Cast<byte, double>(x.bytes), MemoryMarshal.Cast<byte, double>(y.bytes));
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return update;
    }

    private static UpdateNorm ByTorch(Tensor before, Tensor after)
    {
        using var scope = NewDisposeScope();
        var wide = before.device_type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64;
        var (x, y) = (before.detach().to_type(wide), after.detach().to_type(wide));
        var skipped = x.isfinite().logical_and(y.isfinite()).logical_not();
        var figures = stack([
            (y - x).masked_fill(skipped, 0).square().sum(),
            x.masked_fill(skipped, 0).square().sum(),
            skipped.sum(wide)]).cpu().to_type(ScalarType.Float64).data<double>().ToArray();
        return new UpdateNorm(figures[0], figures[1], (long)figures[2]);
    }

    /// <summary>Adds what was found of another part of the parameter.</summary>
    public static UpdateNorm operator +(UpdateNorm one, UpdateNorm other)
        => new(one.SquaredDistance + other.SquaredDistance, one.SquaredNorm + other.SquaredNorm, one.NonFinite + other.NonFinite);

    /// <summary>Compares two states of the same elements, as many of each.</summary>
    public static UpdateNorm Between<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var total = new UpdateNorm();
        for (var start = 0; start < x.Length; start += BlockElements)
        {
            var length = Math.Min(BlockElements, x.Length - start);
            var block = OfBlock(x.Slice(start, length), y.Slice(start, length));
            if (!double.IsFinite(block.SquaredDistance + block.SquaredNorm))
                block = OfFinite(x.Slice(start, length), y.Slice(start, length));
            total += block;
        }

        return total;
    }

    /// <summary>
    /// The same of float32, in the precision of the elements: half the work, and good to six digits. The difference of two neighbouring float32 is exact
    /// (Sterbenz' lemma); squares too small or too large for them are summed in double.
    /// </summary>
    public static UpdateNorm Estimate(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var total = new UpdateNorm();
        for (var start = 0; start < x.Length; start += BlockElements)
        {
            var length = Math.Min(BlockElements, x.Length - start);
            var block = InSingle(x.Slice(start, length), y.Slice(start, length));
            var isHeld = block.SquaredDistance >= Moments.LeastSingleSquares && block.SquaredNorm >= Moments.LeastSingleSquares && double.IsFinite(block.SquaredDistance + block.SquaredNorm);
            total += isHeld ? block : Between(x.Slice(start, length), y.Slice(start, length));
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static UpdateNorm InSingle(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Vector256<float> distance0 = default, distance1 = default, norm0 = default, norm1 = default;
        ref var before = ref MemoryMarshal.GetReference(x);
        ref var after = ref MemoryMarshal.GetReference(y);
        nuint i = 0;
        for (; i + (2 * (nuint)Vector256<float>.Count) <= (nuint)x.Length; i += 2 * (nuint)Vector256<float>.Count)
        {
            var before0 = Vector256.LoadUnsafe(ref before, i);
            var before1 = Vector256.LoadUnsafe(ref before, i + (nuint)Vector256<float>.Count);
            var difference0 = Vector256.LoadUnsafe(ref after, i) - before0;
            var difference1 = Vector256.LoadUnsafe(ref after, i + (nuint)Vector256<float>.Count) - before1;
            distance0 += difference0 * difference0;
            distance1 += difference1 * difference1;
            norm0 += before0 * before0;
            norm1 += before1 * before1;
        }

        var sums = new UpdateNorm(Sum(distance0, distance1), Sum(norm0, norm1), 0);
        for (; i < (nuint)x.Length; i++)
            sums = sums.With(x[(int)i], y[(int)i]);
        return sums;
    }

    private static double Sum(Vector256<float> x, Vector256<float> y)
    {
        var (xLow, xHigh) = Vector256.Widen(x);
        var (yLow, yHigh) = Vector256.Widen(y);
        return Vector256.Sum(xLow + xHigh + yLow + yHigh);
    }

    // Differences are taken in double: for float32 they are exact there, and an update is often the last bits of a weight.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static UpdateNorm OfBlock<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<double> distance0 = default, distance1 = default, norm0 = default, norm1 = default;
        var i = 0;
        for (; i <= x.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            var before = Vector256.Create(x[i..]);
            var after = Vector256.Create(y[i..]);
            if (typeof(T) == typeof(float))
            {
                var (beforeLow, beforeHigh) = Vector256.Widen(before.AsSingle());
                var (afterLow, afterHigh) = Vector256.Widen(after.AsSingle());
                var (low, high) = (afterLow - beforeLow, afterHigh - beforeHigh);
                distance0 += low * low;
                distance1 += high * high;
                norm0 += beforeLow * beforeLow;
                norm1 += beforeHigh * beforeHigh;
            }
            else
            {
                var difference = after.AsDouble() - before.AsDouble();
                distance0 += difference * difference;
                norm0 += before.AsDouble() * before.AsDouble();
            }
        }

        var tail = new UpdateNorm(Vector256.Sum(distance0 + distance1), Vector256.Sum(norm0 + norm1), 0);
        for (; i < x.Length; i++)
            tail = tail.With(double.CreateTruncating(x[i]), double.CreateTruncating(y[i]));
        return tail;
    }

    private static UpdateNorm OfFinite<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var total = new UpdateNorm();
        for (var i = 0; i < x.Length; i++)
        {
            total = T.IsFinite(x[i]) && T.IsFinite(y[i])
                ? total.With(double.CreateTruncating(x[i]), double.CreateTruncating(y[i]))
                : total with { NonFinite = total.NonFinite + 1 };
        }

        return total;
    }

    private UpdateNorm With(double before, double after)
        => new(SquaredDistance + ((after - before) * (after - before)), SquaredNorm + (before * before), NonFinite);
}
