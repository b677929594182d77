using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GradGuard.Monitor.Statistics;

/// <summary>Asks the processor for memory that will be read soon. It foresees neighbours by itself, but no blocks that lie apart.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Memory that is asked for while a block is read, at least: cold memory is read in half the time with it, and no faster with more.</summary>
    private const int BytesAhead = 2048;

    private const int CacheLine = 64;

    /// <summary>How many blocks ahead of the one that is read to ask for.</summary>
    /// <param name="bytes">Length of each.</param>
    public static int BlocksAhead(nint bytes) => (int)Math.Max(2, BytesAhead / bytes);

    /// <summary>Asks for a block. Nothing happens where there is no such instruction, or no such memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(void* start, nint bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (nint offset = 0; offset < bytes; offset += CacheLine)
            Sse.Prefetch0((byte*)start + offset);
    }
}
