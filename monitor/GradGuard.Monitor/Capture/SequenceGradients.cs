using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GradGuard.Monitor.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Gradient through time of a recurrence that takes a whole sequence in one call.</summary>
internal static class SequenceGradients
{
    /// <summary>
    /// The dimension of a recurrent layer's input that is time: the one that is not the batch, whose size the final state tells.
    /// </summary>
    /// <param name="input">Shape [time, batch, features] or [batch, time, features].</param>
    /// <param name="finalState">Shape [layers, batch, hidden].</param>
    /// <returns>0 or 1; null where the shapes leave both possible.</returns>
    public static int? TimeDimension(Tensor input, Tensor finalState)
    {
        if (input.Dimensions != 3 || finalState.Dimensions != 3 || input.size(0) == input.size(1))
            return null;
        return input.size(0) == finalState.size(1) ? 1 : 0;
    }

    /// <summary>Norm of the gradient by the input of each time step, ∂L/∂x_t = W_ihᵀ·∂L/∂a_t: it shrinks and grows with the state's.</summary>
    /// <returns>One norm a time step of the longest sequence; null when there is no gradient.</returns>
    public static double[]? Read(IReadOnlyList<(HeldTensor Input, int TimeDimension)> sequences)
    {
        double[]? longest = null;
        foreach (var (input, time) in sequences)
        {
            using var gradient = input.Gradient();
            if (gradient is null || (longest is not null && gradient.size(time) <= longest.Length))
                continue;
            var squares = gradient.device_type == DeviceType.CPU && gradient.dtype == ScalarType.Float32 && gradient.is_contiguous()
                ? OfMemory(gradient, time)
                : ByTorch(gradient, time);
            longest = Array.ConvertAll(squares, Math.Sqrt);
        }

        return longest;
    }

    private static double[] OfMemory(Tensor gradient, int time)
    {
        var (outer, inner, features) = ((int)gradient.size(0), (int)gradient.size(1), (int)gradient.size(2));
        var squares = new double[time == 0 ? outer : inner];
        var rows = MemoryMarshal.Cast<byte, float>(gradient.bytes);
        for (var row = 0; row < outer * inner; row++)
            squares[time == 0 ? row / inner : row % inner] += SumOfSquares(rows.Slice(row * features, features));

        GC.KeepAlive(gradient);
        return squares;
    }

    /// <summary>In float32 first, which is as exact as its elements are; a gradient that vanishes through time has squares that only double holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfSquares(ReadOnlySpan<float> row)
    {
        var squares = Vector256<float>.Zero;
        var next = 0;
        for (; next <= row.Length - Vector256<float>.Count; next += Vector256<float>.Count)
        {
            var elements = Vector256.Create(row[next..]);
            squares += elements * elements;
        }

        var sum = Vector256.Sum(squares);
        for (; next < row.Length; next++)
            sum += row[next] * row[next];
        if (sum >= Moments.LeastSingleSquares && float.IsFinite(sum))
            return sum;
        var moments = new Moments();
        moments.AddWide(row);
        return moments.SumOfSquares;
    }

    private static double[] ByTorch(Tensor gradient, int time)
    {
        using var wide = gradient.to_type(ScalarType.Float64);
        using var squares = wide.square();
        using var sums = squares.sum([time == 0 ? 1L : 0L, 2L]);
        using var host = sums.cpu();
        return host.data<double>().ToArray();
    }
}
