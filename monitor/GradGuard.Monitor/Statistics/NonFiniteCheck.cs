using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Statistics;

/// <summary>Is there a NaN or an infinity? Nothing else is computed, so that it can be asked on every step.</summary>
internal static class NonFiniteCheck
{
    /// <summary>Elements between two looks at the result: a NaN early in a large tensor ends the pass.</summary>
    private const int BlockElements = 16 * 1024;

    /// <summary>Finds the first tensor with a non-finite element. Tensors off the CPU cost one transfer together.</summary>
    /// <param name="tensors">Tensors in the order to search; those without floating-point elements are passed over.</param>
    /// <returns>An index into <paramref name="tensors"/>, or -1.</returns>
    public static int FirstIn(IReadOnlyList<Tensor> tensors)
    {
        var first = FirstOnDevices(tensors);
        for (var i = 0; i < (first < 0 ? tensors.Count : first); i++)
        {
            if (ReadableTensor.ReasonToSkip(tensors[i], out var header) == SkipReason.None && header.Device == DeviceType.CPU && AnyOnCpu(tensors[i], header))
                return i;
        }

        return first;
    }

    /// <summary>The same of one tensor.</summary>
    public static bool IsIn(Tensor tensor)
        => ReadableTensor.ReasonToSkip(tensor, out var header) == SkipReason.None && (header.Device == DeviceType.CPU ? AnyOnCpu(tensor, header) : FirstOnDevices([tensor]) >= 0);

    private static bool AnyOnCpu(Tensor tensor, in TensorHeader header)
    {
        if (!tensor.is_contiguous())
        {
            var noUnit = -1;
            using var detached = tensor.detach();
            using var ordered = TensorLayout.InMemoryOrder(detached, ref noUnit);
            return AnyOnCpu(ordered, header with { Elements = ordered.NumberOfElements });
        }

        if (!header.FitsASpan)
        {
            using var flat = tensor.detach();
            using var halves = flat.reshape(-1);
            var middle = header.Elements / 2;
            using var lower = halves.slice(0, 0, middle, 1);
            using var upper = halves.slice(0, middle, header.Elements, 1);
            return AnyOnCpu(lower, header with { Elements = middle }) || AnyOnCpu(upper, header with { Elements = header.Elements - middle });
        }

        // An element is finite where its exponent is not all ones; without the sign bit that is an integer comparison.
        var any = header.Type switch
        {
            ScalarType.Float64 => AnyAtLeast(MemoryMarshal.Cast<byte, long>(tensor.bytes), 0x7FF0_0000_0000_0000, long.MaxValue),
            ScalarType.Float16 => AnyAtLeast<short>(MemoryMarshal.Cast<byte, short>(tensor.bytes), 0x7C00, short.MaxValue),
            ScalarType.BFloat16 => AnyAtLeast<short>(MemoryMarshal.Cast<byte, short>(tensor.bytes), 0x7F80, short.MaxValue),
            _ => AnyAtLeast(MemoryMarshal.Cast<byte, int>(tensor.bytes), 0x7F80_0000, int.MaxValue),
        };
        GC.KeepAlive(tensor);
        return any;
    }

    private static bool AnyAtLeast<T>(ReadOnlySpan<T> bits, T infinity, T magnitudeMask)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (; bits.Length > BlockElements; bits = bits[BlockElements..])
        {
            if (MaxMagnitude(bits[..BlockElements], magnitudeMask) >= infinity)
                return true;
        }

        return MaxMagnitude(bits, magnitudeMask) >= infinity;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T MaxMagnitude<T>(ReadOnlySpan<T> bits, T magnitudeMask)
        where T : unmanaged, IBinaryInteger<T>
    {
        var mask = Vector256.Create(magnitudeMask);
        Vector256<T> max0 = default, max1 = default;
        ref var start = ref MemoryMarshal.GetReference(bits);
        nuint i = 0;
        for (; i + (2 * (nuint)Vector256<T>.Count) <= (nuint)bits.Length; i += 2 * (nuint)Vector256<T>.Count)
        {
            max0 = Vector256.Max(max0, Vector256.LoadUnsafe(ref start, i) & mask);
            max1 = Vector256.Max(max1, Vector256.LoadUnsafe(ref start, i + (nuint)Vector256<T>.Count) & mask);
        }

        var lanes = Vector256.Max(max0, max1);
        var max = T.Zero;
        for (var lane = 0; lane < Vector256<T>.Count; lane++)
            max = T.Max(max, lanes[lane]);
        for (; i < (nuint)bits.Length; i++)
            max = T.Max(max, bits[(int)i] & magnitudeMask);
        return max;
    }

    private static int FirstOnDevices(IReadOnlyList<Tensor> tensors)
    {
        if (tensors.All(static tensor => tensor.IsInvalid || tensor.device_type == DeviceType.CPU))
            return -1;
        using var scope = NewDisposeScope();
        List<int> indices = [];
        List<Tensor> flags = [];
        for (var i = 0; i < tensors.Count; i++)
        {
            if (ReadableTensor.ReasonToSkip(tensors[i]) != SkipReason.None || tensors[i].device_type == DeviceType.CPU)
                continue;
            indices.Add(i);
            flags.Add(tensors[i].detach().isfinite().all());
        }

        var first = -1;
        foreach (var onDevice in indices.Zip(flags).GroupBy(static entry => entry.Second.device.ToString()))
        {
            var finite = stack(onDevice.Select(static entry => entry.Second).ToArray()).cpu().data<bool>().ToArray();
            var position = Array.IndexOf(finite, false);
            if (position >= 0 && onDevice.ElementAt(position).First is var index && (first < 0 || index < first))
                first = index;
        }

        return first;
    }
}
