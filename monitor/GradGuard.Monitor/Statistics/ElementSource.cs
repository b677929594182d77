using System.Runtime.InteropServices;

namespace GradGuard.Monitor.Statistics;

/// <summary>How elements in memory become elements of the kernel's type <typeparamref name="T"/>.</summary>
internal interface IElementSource<T>
    where T : unmanaged
{
    /// <summary>Bytes of an element in memory.</summary>
    static abstract int Size { get; }

    /// <summary>True when elements have to be converted before a kernel can read them.</summary>
    static abstract bool Widens { get; }

    /// <summary>Converts as many elements as <paramref name="target"/> holds.</summary>
    static abstract void Widen(ReadOnlySpan<byte> source, Span<T> target);
}

/// <summary>Elements that the kernel reads in place.</summary>
internal readonly struct InPlace<T> : IElementSource<T>
    where T : unmanaged
{
    public static unsafe int Size => sizeof(T);

    public static bool Widens => false;

    public static void Widen(ReadOnlySpan<byte> source, Span<T> target) => MemoryMarshal.Cast<byte, T>(source).CopyTo(target);
}

/// <summary>IEEE binary16.</summary>
internal readonly struct Float16Source : IElementSource<float>
{
    public static int Size => sizeof(ushort);

    public static bool Widens => true;

    public static void Widen(ReadOnlySpan<byte> source, Span<float> target)
        => HalfWidening.FromFloat16(MemoryMarshal.Cast<byte, ushort>(source), target);
}

/// <summary>bfloat16.</summary>
internal readonly struct BFloat16Source : IElementSource<float>
{
    public static int Size => sizeof(ushort);

    public static bool Widens => true;

    public static void Widen(ReadOnlySpan<byte> source, Span<float> target)
        => HalfWidening.FromBFloat16(MemoryMarshal.Cast<byte, ushort>(source), target);
}
