using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Capture;

/// <summary>A model that changes in the middle of training, read on every step: its modules and parameters are not asked for anew at each.</summary>
public sealed class ChangingModelTests
{
    private const int ChangedAt = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)] // The step after each reading tells the update: it asks for nothing, and must not count as asking.
    [InlineData(9)]
    public void A_layer_that_is_added_is_read_after_a_few_steps(int every)
    {
        var records = Train((model, step) =>
        {
            if (step == ChangedAt)
                model.append("late", Linear(4, 4));
        }, every).Where(static record => record.Sampled).ToList();
        Assert.DoesNotContain(records.Where(static record => record.Step < ChangedAt), Reads);
        var seenWithin = every == 1 ? SamplingSchedule.ThoroughInterval : 8 + every;
        var later = records.Where(record => record.Step > ChangedAt + seenWithin).ToList();
        Assert.NotEmpty(later);
        Assert.All(later, static record => Assert.True(Reads(record)));

        static bool Reads(StepRecord record)
            => record.Layers.Any(static layer => layer.Layer.Path == "late") && record.Parameters.Any(static parameter => parameter is { Name: "late.weight", Gradient.Norm: > 0 });
    }

    [Fact]
    public void A_parameter_that_is_disposed_and_replaced_is_read_at_once()
    {
        var records = Train((model, step) =>
        {
            if (step != ChangedAt)
                return;
            var fc = (Linear)model.children().First();
            var before = fc.weight!;
            fc.weight = Parameter(zeros(4, 8) + 7);
            before.Dispose();
        });
        Assert.True(records[ChangedAt - 1].Parameters[0].Weight!.Max < 1);
        Assert.Equal(7, records[ChangedAt].Parameters[0].Weight!.Max, 1e-6);
        Assert.Equal(120, records.Count);
    }

    private static List<StepRecord> Train(Action<Sequential, int> change, int every = 1)
    {
        random.manual_seed(1);
        var records = new List<StepRecord>();
        using var model = Sequential(("fc", Linear(8, 4)));
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = every });
        monitor.Recorded += records.Add;
        for (var step = 0; step < 120; step++)
        {
            using var scope = NewDisposeScope();
            change(model, step);
            model.zero_grad();
            var loss = functional.mse_loss(model.call(randn(16, 8)), zeros(16, 4));
            loss.backward();
            monitor.Observe(loss);
        }

        return records;
    }
}
