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

    [Fact]
    public void A_parameter_that_is_replaced_and_lives_on_is_read_after_a_few_steps()
    {
        using var before = Parameter(ones(8));
        using var model = new Scale(before);
        var records = Train(model, (scale, step) =>
        {
            if (step == ChangedAt)
                scale.Hold(Parameter(zeros(8) + 7));
        }, every: 9).Where(static record => record.Sampled).ToList();
        Assert.False(before.IsInvalid);
        Assert.All(records, static record => Assert.Equal(record.Step < ChangedAt ? 1 : 7, record.Parameters[0].Weight!.Max, 1e-6));
    }

    [Fact]
    public void A_parameter_that_the_model_lists_without_owning_it_is_read_after_some_readings()
    {
        using var weight = Parameter(ones(8));
        using var extra = Parameter(ones(3));
        using var model = new Lister(weight, extra);
        var lists = Train(model, static (lister, step) => lister.Lists = step >= ChangedAt, every: 9).Where(static record => record.Sampled)
            .Select(static record => record.Parameters.Any(static parameter => parameter.Name == "extra")).ToList();
        Assert.DoesNotContain(true, lists.Take((ChangedAt / 9) + 1));
        Assert.True(lists.Count > 13, $"{lists.Count} readings");
        Assert.DoesNotContain(false, lists.Skip((ChangedAt / 9) + 1 + 8));
    }

    [Fact]
    public void A_first_layer_that_begins_to_train_is_the_one_whose_gradient_is_looked_at_on_every_step()
    {
        using var model = Sequential(("fc1", Linear(8, 8)), ("fc2", Linear(8, 4)));
        var fc1 = (Linear)model[0];
        var spoiled = Train(
            model,
            (_, step) =>
            {
                foreach (var parameter in fc1.parameters())
                    parameter.requires_grad = step >= ChangedAt;
            },
            every: 10,
            beforeObserve: step =>
            {
                if (step == 55)
                    fc1.bias!.grad!.fill_(float.NaN);
            }).Single(static record => !record.IsFinite);
        Assert.Equal(55, spoiled.Step);
    }

    private static List<StepRecord> Train(Action<Sequential, int> change, int every = 1)
    {
        using var model = Sequential(("fc", Linear(8, 4)));
        return Train(model, change, every);
    }

    private static List<StepRecord> Train<TModel>(TModel model, Action<TModel, int> change, int every, Action<int>? beforeObserve = null)
        where TModel : Module<Tensor, Tensor>
    {
        random.manual_seed(1);
        var records = new List<StepRecord>();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = every });
        monitor.Recorded += records.Add;
        for (var step = 0; step < 120; step++)
        {
            using var scope = NewDisposeScope();
            change(model, step);
            model.zero_grad();
            var loss = model.call(randn(16, 8)).square().mean();
            loss.backward();
            beforeObserve?.Invoke(step);
            monitor.Observe(loss);
        }

        return records;
    }

    private class Scale : Module<Tensor, Tensor>
    {
        private Parameter _weight = null!;

        public Scale(Parameter weight)
            : base("scale") => Hold(weight);

        public void Hold(Parameter weight) => ConditionallyRegisterParameter("weight", _weight = (Parameter)weight.DetachFromDisposeScope());

        public override Tensor forward(Tensor input) => input * _weight;
    }

    private sealed class Lister(Parameter weight, Parameter extra) : Scale(weight)
    {
        public bool Lists { get; set; }

        public override Tensor forward(Tensor input) => base.forward(input) * extra.sum();

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            => recurse && Lists ? base.named_parameters(recurse).Append(("extra", extra)) : base.named_parameters(recurse);
    }
}
