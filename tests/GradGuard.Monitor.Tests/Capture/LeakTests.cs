using System.Runtime.CompilerServices;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Capture;

public sealed class LeakTests
{
    [Fact]
    public void TwoThousandStepsLeaveNoTensorBehind()
    {
        using var model = Models.MlpWithDropout();
        using var input = randn(4, 32);
        using (var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 }))
        {
            Steps(model, input, monitor, 20);
            var before = Living();
            Steps(model, input, monitor, 2000);
            Assert.Equal(before, Living());
        }

        var attached = Living();
        using (var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 }))
            Steps(model, input, monitor, 3);
        Assert.Equal(attached, Living());
    }

    [Fact]
    public void WhatAReadingThatWaitsSawIsTheCollectorsToFree()
    {
        using var model = Models.MlpWithDropout();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        var outputs = Enumerable.Range(0, 21).Select(_ => WithoutScope(model, monitor)).ToList();
        GC.Collect();
        Assert.Equal(0, outputs.Count(static output => output.IsAlive));
        Assert.Equal(21, monitor.Summary().SampledSteps);
    }

    /// <summary>A step that disposes nothing, in a method of its own, whose variables end with it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference WithoutScope(nn.Module<Tensor, Tensor> model, GradientMonitor monitor)
    {
        var output = model.call(randn(4, 32));
        var loss = output.square().mean();
        loss.backward();
        monitor.Observe(loss);
        return new WeakReference(output);
    }

    private static long Living()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
    }

    private static void Steps(TorchSharp.torch.nn.Module<Tensor, Tensor> model, Tensor input, GradientMonitor monitor, int count)
    {
        for (var step = 0; step < count; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad(set_to_none: false);
            var loss = model.call(input).square().mean();
            loss.backward();
            monitor.Observe(loss);
        }
    }
}
