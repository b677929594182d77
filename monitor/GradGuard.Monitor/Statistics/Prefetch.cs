using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GradGuard.Monitor.Statistics;

/// <summary>Asks the processor for memory that will be read soon. It foresees neighbours by itself, but no blocks that lie apart.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Blocks that are asked for while one is read: cold memory is read in half the time with it, and no faster with more.</summary>
    public const int Ahead = 2;

    private const int CacheLine = 64;

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
