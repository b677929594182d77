using System.Buffers;
using System.Runtime.InteropServices;
using GradGuard.Monitor.Statistics;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// Part of a weight as it was before the optimizer's step, to tell the true update by: short blocks from all over it, in memory that is kept from
/// one reading to the next. Copies by torch's operations cost several times as much, most of it for memory fresh from the system.
/// </summary>
/// <remarks>
/// A block lies at its own place within each equal part of the weight, so that no pattern of rows or columns is met again and again. With 64 of
/// them, a norm whose squares vary from block to block by twice their mean is known within 13%, one of elements that vary by their own size within 3%.
/// Thresholds on updates and weights are decades apart.
/// </remarks>
internal sealed class WeightSample
{
    private const int Blocks = 64;

    private readonly long[] _starts;
    private readonly int _blockElements;
    private readonly byte[] _copy;

    private WeightSample(long elements, int elementSize)
    {
        (Elements, ElementSize) = (elements, elementSize);
        var isWhole = elements <= 2 * Blocks * RowPlan.BlockElements;
        _blockElements = isWhole ? (int)elements : RowPlan.BlockElements;
        _starts = isWhole ? [0] : Starts(elements);
        _copy = new byte[_starts.Length * _blockElements * elementSize];
    }

    /// <summary>Elements of the weight.</summary>
    public long Elements { get; }

    /// <summary>Elements copied.</summary>
    public long Sampled => (long)_starts.Length * _blockElements;

    private int ElementSize { get; }

    /// <summary>Copies a weight's blocks, or all of a small one.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="kept">An earlier sample, whose memory is used again where it fits.</param>
    /// <returns>Null where its memory cannot be read in place.</returns>
    public static WeightSample? Take(Tensor weight, WeightSample? kept)
    {
        if (!ReadableTensor.IsInOnePiece(weight, out var header))
            return null;
        var (elements, size) = (header.Elements, header.ElementSize);
        var sample = kept is not null && (kept.Elements, kept.ElementSize) == (elements, size) ? kept : new WeightSample(elements, size);
        sample.Gather(weight.bytes, sample._copy);
        GC.KeepAlive(weight);
        return sample;
    }

    /// <summary>Statistics of what was copied, which the processor has at hand then.</summary>
    public TensorStatistics Statistics() => CpuReader.Read(_copy, ElementSize == sizeof(float) ? ScalarType.Float32 : ScalarType.Float64, Elements);

    /// <summary>How far the blocks have moved since they were copied.</summary>
    /// <param name="weight">The weight now.</param>
    /// <param name="renew">True to copy them as they are now on the way, for the next update.</param>
    /// <returns>Null where it is another tensor now, by size, type or place.</returns>
    public UpdateNorm? UpdateOf(Tensor weight, bool renew)
    {
        if (!ReadableTensor.IsInOnePiece(weight, out var header) || header.Elements != Elements || header.ElementSize != ElementSize)
            return null;

        if (_starts.Length == 1)
        {
            var whole = Compare(weight.bytes[.._copy.Length], renew);
            GC.KeepAlive(weight);
            return whole;
        }

        // Side by side first, in memory that all weights use in turn: compared block by block they take twice as long.
        var gathered = ArrayPool<byte>.Shared.Rent(_copy.Length);
        var after = gathered.AsSpan(0, _copy.Length);
        Gather(weight.bytes, after);
        GC.KeepAlive(weight);
        var update = Compare(after, renew);
        ArrayPool<byte>.Shared.Return(gathered);
        return update;
    }

    private UpdateNorm Compare(ReadOnlySpan<byte> after, bool renew)
    {
        var update = ElementSize == sizeof(float)
            ? UpdateNorm.Estimate(MemoryMarshal.Cast<byte, float>(_copy), MemoryMarshal.Cast<byte, float>(after))
            : UpdateNorm.Between<double>(MemoryMarshal.Cast<byte, double>(_copy), MemoryMarshal.Cast<byte, double>(after));
        if (renew)
            after.CopyTo(_copy);
        return update;
    }

    private void Gather(ReadOnlySpan<byte> weight, Span<byte> target)
    {
        var length = _blockElements * ElementSize;
        var ahead = _starts.Length == 1 ? 0 : Math.Min(Prefetch.BlocksAhead(length), _starts.Length);
        for (var block = 0; block < ahead; block++)
            AskFor(weight, block);
        for (var block = 0; block < _starts.Length; block++)
        {
            if (block + ahead < _starts.Length)
                AskFor(weight, block + ahead);
            weight.Slice((int)(_starts[block] * ElementSize), length).CopyTo(target.Slice(block * length, length));
        }
    }

    private unsafe void AskFor(ReadOnlySpan<byte> weight, int block)
    {
        fixed (byte* start = &weight[(int)(_starts[block] * ElementSize)])
            Prefetch.Block(start, _blockElements * ElementSize);
    }

    private static long[] Starts(long elements)
    {
        var starts = new long[Blocks];
        var part = (double)elements / Blocks;
        for (var block = 0; block < Blocks; block++)
        {
            var start = (long)(block * part) + RowPlan.Weyl(block, (long)part - RowPlan.BlockElements + 1);
            starts[block] = start - (start % RowPlan.BlockElements);
        }

        return starts;
    }
}
