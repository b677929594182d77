using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Statistics;

/// <summary>The floor of reading: a vectorised sum of what lies in memory, on one thread.</summary>
internal static class PlainSum
{
    /// <summary>Sums float32 elements.</summary>
    /// <param name="tensor">A contiguous tensor in host memory.</param>
    /// <param name="enough">Elements at most, the first ones.</param>
    public static float Of(Tensor tensor, int enough = int.MaxValue)
    {
        var elements = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(elements[..Math.Min(elements.Length, enough)]);
        Vector<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (var i = 0; i + 3 < vectors.Length; i += 4)
        {
            sum0 += vectors[i];
            sum1 += vectors[i + 1];
            sum2 += vectors[i + 2];
            sum3 += vectors[i + 3];
        }

        GC.KeepAlive(tensor);
        return Vector.Sum(sum0 + sum1 + sum2 + sum3);
    }
}
