using System.Globalization;
using GradGuard.Monitor.Capture;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Capture;

public sealed class WarmHeapTests
{
    private const int Readings = 20;

    [Fact]
    public void AReadingTakesNoFreshMemoryFromTheSystem()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Counts page faults, which only Linux tells of, and glibc's memory is kept there alone.");
        using var model = Sequential(Conv2d(1, 16, 3, padding: 1), ReLU(), Conv2d(16, 16, 3, padding: 1), ReLU(), Flatten(), Linear(16 * 28 * 28, 10));
        using var input = randn(32, 1, 28, 28);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        Train(model, input, monitor, Readings);
        var before = PageFaults();
        Train(model, input, monitor, Readings);
        var perReading = (PageFaults() - before) / (double)Readings;

        // The gradients by the four large outputs alone, which training does without.
        const long Pages = 4L * 32 * 16 * 28 * 28 * sizeof(float) / 4096;
        Assert.InRange(perReading, 0, 0.1 * Pages);
    }

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

    private static void Train(Module<Tensor, Tensor> model, Tensor input, GradientMonitor monitor, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad(set_to_none: false);
            var loss = model.call(input).square().mean();
            loss.backward();
            monitor.Observe(loss);
        }
    }

    /// <summary>Minor faults of this process: the tenth field of <c>/proc/self/stat</c>, the eighth behind the name in parentheses.</summary>
    private static long PageFaults()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[7], CultureInfo.InvariantCulture);
    }
}
