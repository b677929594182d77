using GradGuard.Monitor.Testing;
using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Testing;

/// <summary>The asserted training is the training that it would have been.</summary>
public sealed class SacredAssertionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ParametersAndRandomStreamAreBitIdenticalToTheLoopWithoutIt(int seed)
    {
        using var plain = new ClusterTraining(seed, Models.MlpWithDropout);
        for (var step = 0; step < 60; step++)
            plain.Step(null);
        var expected = After(plain);

        using var asserted = new ClusterTraining(seed, Models.MlpWithDropout);
        await TrainingAssert.IsHealthy(asserted.Model, asserted.Step, steps: 60, cancellationToken: Cancellation);
        Assert.Equal(expected, After(asserted));

        using var given = new ClusterTraining(seed, Models.MlpWithDropout);
        await TrainingAssert.IsHealthy(given.Model, given.Optimizer, _ => given.Loss(), steps: 60, cancellationToken: Cancellation);
        Assert.Equal(expected, After(given));
    }

    [Fact]
    public async Task NoTensorIsLeftBehindWhetherItPassesOrFails()
    {
        using var training = new ClusterTraining(1, Models.MlpWithDropout);
        await Run(steps: 25);
        var before = Living();
        await Run(steps: 60);
        await TrainingAssert.IsHealthy(training.Model, training.Optimizer, _ => training.Loss(), steps: 60, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<TrainingAssertException>(() => Run(steps: 5));
        await Assert.ThrowsAsync<InvalidDataException>(() => TrainingAssert.IsHealthy(training.Model, (Action<GradientMonitor>)Throw, cancellationToken: Cancellation));
        Assert.Equal(before, Living());

        Task Run(int steps) => TrainingAssert.IsHealthy(training.Model, training.Step, steps, cancellationToken: Cancellation);

        void Throw(GradientMonitor monitor)
        {
            training.Step(monitor);
            throw new InvalidDataException();
        }
    }

    [Fact]
    public async Task HooksAreGoneAfterwards()
    {
        using var training = new ClusterTraining(1, Models.Mlp);
        GradientMonitor? used = null;
        await TrainingAssert.IsHealthy(training.Model, monitor => training.Step(used = monitor), steps: 25, cancellationToken: Cancellation);
        var observed = used!.Summary().Steps;
        training.Step(used);
        Assert.Equal(observed, used.Summary().Steps);
    }

    private static float[] After(ClusterTraining training)
    {
        using var next = randn(8);
        return [.. training.Parameters(), .. next.data<float>().ToArray()];
    }

    private static long Living()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
    }
}
