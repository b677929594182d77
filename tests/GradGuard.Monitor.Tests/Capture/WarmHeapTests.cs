using GradGuard.Monitor.Capture;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Capture;

public sealed class WarmHeapTests
{
    [Fact]
    public void AtMostOneGradientIsHeld()
    {
        using var heap = new WarmHeap();
        Tensor[] gradients = [.. Enumerable.Range(1, 50).Select(static size => ones(size))];
        foreach (var gradient in gradients)
            heap.Take(gradient);
        Assert.InRange(gradients.Count(static gradient => !gradient.IsInvalid), 0, 1);
        heap.Dispose();
        Assert.All(gradients, static gradient => Assert.True(gradient.IsInvalid));
    }

    [Fact]
    public void WhatDoesNotLieInTheHeapIsLetGoOfAtOnce()
    {
        using var heap = new WarmHeap();

        // glibc maps blocks of more than 32 MiB, whatever it has learned.
        Tensor[] elsewhere = [empty(9 << 20), empty(4, device: META), sparse_coo_tensor(zeros(1, 1, int64), ones(1), [4]), empty(0)];
        foreach (var gradient in elsewhere)
            heap.Take(gradient);
        Assert.All(elsewhere, static gradient => Assert.True(gradient.IsInvalid));
    }
}
