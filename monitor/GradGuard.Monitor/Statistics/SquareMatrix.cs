using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>The little dense algebra that spectral estimates need, row-major, in double.</summary>
internal static class SquareMatrix
{
    /// <summary>Copies a tensor to the host.</summary>
    /// <param name="tensor">A matrix <c>[n, n]</c> of floating-point elements on any device.</param>
    /// <returns>n² elements in rows, or null where the tensor is no finite square matrix.</returns>
    public static double[]? Read(Tensor tensor)
    {
        if (ReadableTensor.ReasonToSkip(tensor) != SkipReason.None || tensor.Dimensions != 2 || tensor.size(0) != tensor.size(1))
            return null;
        using var scope = NewDisposeScope();
        var elements = tensor.detach().cpu().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
        return Array.TrueForAll(elements, double.IsFinite) ? elements : null;
    }

    /// <summary><c>product = left · right</c> for left <c>[rows, inner]</c> and right <c>[inner, columns]</c>.</summary>
    public static void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> product, int inner, int columns)
    {
        product.Clear();
        for (var row = 0; row < left.Length / inner; row++)
        {
            var target = product.Slice(row * columns, columns);
            for (var k = 0; k < inner; k++)
                AddScaled(right.Slice(k * columns, columns), left[(row * inner) + k], target);
        }
    }

    /// <summary><c>target += factor · source</c>.</summary>
    public static void AddScaled(ReadOnlySpan<double> source, double factor, Span<double> target)
    {
        var sources = MemoryMarshal.Cast<double, Vector<double>>(source);
        var targets = MemoryMarshal.Cast<double, Vector<double>>(target);
        for (var i = 0; i < targets.Length; i++)
            targets[i] += sources[i] * factor;
        for (var i = targets.Length * Vector<double>.Count; i < target.Length; i++)
            target[i] += source[i] * factor;
    }

    /// <summary>Σ left · right.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var lefts = MemoryMarshal.Cast<double, Vector<double>>(left);
        var rights = MemoryMarshal.Cast<double, Vector<double>>(right);
        var sum = Vector<double>.Zero;
        for (var i = 0; i < lefts.Length; i++)
            sum += lefts[i] * rights[i];
        var total = Vector.Sum(sum);
        for (var i = lefts.Length * Vector<double>.Count; i < left.Length; i++)
            total += left[i] * right[i];
        return total;
    }
}
