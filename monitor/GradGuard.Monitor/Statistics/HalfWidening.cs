using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GradGuard.Monitor.Statistics;

/// <summary>Exact conversions of 16-bit floating point into float32, a vector at a time.</summary>
internal static class HalfWidening
{
    private const int Float16Infinity = 0x7C00;
    private const int Float32Infinity = 0x7F800000;

    /// <summary>Moves the exponent's bias from 15 to 127: 2^(127 − 15).</summary>
    private const float BiasDifference = 5.192296858534828e33f;

    /// <summary>bfloat16 is the upper half of a float32.</summary>
    public static void FromBFloat16(ReadOnlySpan<ushort> source, Span<float> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(source[i..]));
            (low << 16).AsSingle().CopyTo(target[i..]);
            (high << 16).AsSingle().CopyTo(target[(i + Vector256<uint>.Count)..]);
        }

        for (; i < source.Length; i++)
            target[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    /// <summary>IEEE binary16: the exponent and significand are moved into place and the bias is multiplied away.</summary>
    public static void FromFloat16(ReadOnlySpan<ushort> source, Span<float> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(source[i..]));
            FromFloat16(low.AsInt32()).CopyTo(target[i..]);
            FromFloat16(high.AsInt32()).CopyTo(target[(i + Vector256<uint>.Count)..]);
        }

        var halves = MemoryMarshal.Cast<ushort, Half>(source);
        for (; i < source.Length; i++)
            target[i] = (float)halves[i];
    }

    private static Vector256<float> FromFloat16(Vector256<int> bits)
    {
        var magnitude = bits & Vector256.Create(0x7FFF);
        var sign = (bits & Vector256.Create(0x8000)) << 16;
        var scaled = (magnitude << 13).AsSingle() * Vector256.Create(BiasDifference);
        var special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(Float16Infinity)) & Vector256.Create(Float32Infinity);
        return (scaled.AsInt32() | special | sign).AsSingle();
    }
}
