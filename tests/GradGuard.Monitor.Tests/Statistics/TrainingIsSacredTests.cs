using GradGuard.Monitor.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Statistics;

/// <summary>Reading a tensor leaves no trace in the program that owns it.</summary>
public class TrainingIsSacredTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reading_draws_no_random_numbers_and_keeps_the_grad_mode(bool gradEnabled)
    {
        using var scope = NewDisposeScope();
        using var mode = set_grad_enabled(gradEnabled);
        manual_seed(11);
        var expected = rand(4).data<float>().ToArray();
        manual_seed(11);
        ReadEverything();
        Assert.Equal(expected, rand(4).data<float>().ToArray());
        Assert.Equal(gradEnabled, is_grad_enabled());
    }

    [Fact]
    public void Reading_leaves_no_tensor_alive_and_no_scope_open()
    {
        var before = LiveTensors;
        for (var i = 0; i < 20; i++)
            ReadEverything();
        Assert.Equal(before, LiveTensors);

        // A tensor made now belongs to no scope only if every scope that was opened has been closed.
        var outside = DisposeScopeManager.Statistics.CreatedOutsideScopeCount;
        using var tensor = ones(1);
        Assert.Equal(outside + 1, DisposeScopeManager.Statistics.CreatedOutsideScopeCount);
    }

    [Fact]
    public void An_abandoned_batch_releases_its_reductions()
    {
        using var tensor = ones(5, 5);
        var before = LiveTensors;
        using (var reductions = new DeviceReductions())
            reductions.Add(tensor, new StatisticsRequest(), 0);
        Assert.Equal(before, LiveTensors);
    }

    [Fact]
    public void Gradients_flow_through_a_tensor_that_was_read()
    {
        using var scope = NewDisposeScope();
        var weight = ones([3, 3], requires_grad: true);
        var output = weight.mul(2).transpose(0, 1);
        using var batch = new StatisticsBatch();
        batch.Add(output, new StatisticsRequest());
        batch.Complete();
        output.sum().backward();
        Assert.Equal(18, weight.grad!.sum().item<float>());
    }

    /// <summary>Of this thread: other tests run beside this one.</summary>
    private static long LiveTensors => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private static void ReadEverything()
    {
        using var weight = ones([6, 6], requires_grad: true);
        using var output = weight.mul(2);
        using var view = output.transpose(0, 1);
        using var gaps = output.slice(1, 0, 6, 2);
        using var half = output.to_type(ScalarType.Float16);
        using var batch = new StatisticsBatch();
        using var reductions = new DeviceReductions();
        foreach (var tensor in new[] { weight, output, view, gaps, half })
        {
            var request = new StatisticsRequest { UnitDimension = 1, Activity = UnitActivityRule.Above, UpperBound = 1 };
            batch.Add(tensor, request);
            reductions.Add(tensor, request, 0);
            UpdateNorm.Between(tensor, tensor);
        }

        batch.Complete();
        reductions.Transfer();
        NonFiniteCheck.FirstIn([weight, output, view, gaps, half]);
        SpectralRadius.Of(output);
    }
}
