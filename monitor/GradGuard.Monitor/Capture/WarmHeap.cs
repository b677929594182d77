using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// Keeps the memory of a reading for the next one. The gradients that backward leaves on outputs lie above what training itself needs; let go of
/// all at once, glibc hands them back to the system, and the next reading pays for every page of them again, which takes longer than reading
/// them. It hands back nothing below a block in use: so the gradient that lay highest is not let go of.
/// </summary>
/// <remarks>
/// Held in between: that one gradient. Elsewhere than in the memory of a Linux process there is nothing to keep, and nothing for a program
/// that trains on another thread than its first: glibc gives such a thread heaps of its own, which lie elsewhere and are handed back one by one.
/// </remarks>
internal sealed class WarmHeap : IDisposable
{
    /// <summary>
    /// The largest block from which glibc learns: once one is let go of that was mapped on its own, smaller ones come from the heap, and it hands nothing back before twice as much lies
    /// free at the heap's end. Any tensor of a program does that, but not each program has one; without it what training itself frees is handed back as well when outputs are held.
    /// </summary>
    private const long LargestLesson = (32L << 20) - (64 << 10);

    private Tensor? _highest;
    private nuint _address;

    public WarmHeap() => empty(LargestLesson, ScalarType.Byte, CPU).Dispose();

    /// <summary>Takes over a gradient that has been read: disposes it, or keeps it in place of the one that was highest so far.</summary>
    public void Take(Tensor gradient)
    {
        if (AddressOf(gradient) is var address && address <= _address)
        {
            gradient.Dispose();
            return;
        }

        _highest?.Dispose();
        (_highest, _address) = (gradient.DetachFromDisposeScope(), address);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _highest?.Dispose();
        (_highest, _address) = (null, 0);
    }

    /// <summary>Where it lies in the heap; 0 where it does not: large blocks are mapped each on its own, above the heap's end.</summary>
    private static unsafe nuint AddressOf(Tensor tensor)
    {
        if (!OperatingSystem.IsLinux() || tensor.is_sparse || tensor.device_type != DeviceType.CPU || !tensor.is_contiguous())
            return 0;
        fixed (byte* data = tensor.bytes)
            return (nuint)data < EndOfHeap(0) ? (nuint)data : 0;
    }

    [DllImport("libc", EntryPoint = "sbrk")]
    private static extern nuint EndOfHeap(nint increment);
}
