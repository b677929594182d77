using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Capture;

/// <summary>On a step that is not read outputs are held by the program's own handles where those have always outlasted their step, by the monitor's where not.</summary>
public sealed class HeldOutputTests
{
    /// <summary>By then the habits of the program are known.</summary>
    private const int Later = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_first_infinity_finds_its_producer_either_way(bool disposes)
    {
        var alert = Assert.Single(Train(disposesAt: _ => disposes, infiniteAt: Later));
        Assert.Equal(("GG9001", "log", (long)Later), (alert.Id, alert.Layer, alert.Step));
    }

    [Fact]
    public void What_was_let_go_of_against_all_habit_leaves_the_producer_unnamed_instead_of_blaming_the_next_layer()
    {
        var alert = Assert.Single(Train(disposesAt: static step => step == Later, infiniteAt: Later));
        Assert.Equal(("GG9001", (long)Later), (alert.Id, alert.Step));
        Assert.DoesNotContain("fc2", alert.Layer, StringComparison.Ordinal);
    }

    [Fact]
    public void From_then_on_the_monitor_holds_it_itself()
    {
        var alert = Assert.Single(Train(disposesAt: static step => step is Later - 5 or Later, infiniteAt: Later));
        Assert.Equal(("log", (long)Later), (alert.Layer, alert.Step));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_bad_batch_is_blamed_on_the_input_whoever_calls_the_layers_and_however_long_it_lasts(bool disposes, bool callsEachLayer)
        => Assert.Equal(("", "the model's input holds NaN or infinity; no layer is to blame"), OfBadBatch(_ => disposes, callsEachLayer));

    [Fact]
    public void A_bad_batch_let_go_of_against_all_habit_is_blamed_on_no_layer()
    {
        var (layer, message) = OfBadBatch(static step => step == Later, callsEachLayer: false);
        Assert.Equal("", layer);
        Assert.Contains("not looked at", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_passes_in_evaluation_and_without_gradients_return_is_not_looked_at()
    {
        Chain? model = null;
        var alert = Assert.Single(new TrainingRun
        {
            Options = new() { SampleEvery = 1000 },
            Steps = Later + 1,
            BeforeForward = step =>
            {
                using var bad = full([8, 32], double.NaN);
                model!.eval();
                model.call(bad);
                model.train();
                using (no_grad())
                    model.call(bad);
                model.Log.IsInfinite = step == Later;
            },
        }.Train(() => model = new Chain()).Alerts);
        Assert.Equal(("log", (long)Later), (alert.Layer, alert.Step));
    }

    [Fact]
    public void What_lasts_costs_no_handle_once_that_is_known()
    {
        long[] unwatched = [.. LivingBeforeObserve(watched: false)];
        long[] watched = [.. LivingBeforeObserve(watched: true)];
        var added = watched.Zip(unwatched, static (with, without) => with - without).ToArray();

        // The input, and what each of three layers returned.
        Assert.Equal(4, added[3]);
        Assert.Equal(0, added[Later]);
    }

    private static IReadOnlyList<Alert> Train(Predicate<int> disposesAt, int infiniteAt)
    {
        Chain? model = null;
        return new TrainingRun
        {
            Options = new() { SampleEvery = 1000 },
            Steps = Later + 1,
            BeforeForward = step => (model!.Disposes, model.Log.IsInfinite) = (disposesAt(step), step == infiniteAt),
        }.Train(() => model = new Chain()).Alerts;
    }

    /// <summary>What is said of a batch with NaN on a step that is not read.</summary>
    /// <param name="disposesAt">Steps on which the program disposes the batch before the monitor looks.</param>
    /// <param name="callsEachLayer">True where the program calls the layers one by one, and nothing that holds them all.</param>
    private static (string Layer, string Message) OfBadBatch(Predicate<int> disposesAt, bool callsEachLayer)
    {
        manual_seed(1);
        using var model = new Chain();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1000 });
        for (var step = 0; step <= Later; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var batch = step == Later ? full([8, 32], double.NaN, ScalarType.Float32) : randn(8, 32);
            var loss = (callsEachLayer ? model.forward(batch) : model.call(batch)).square().mean();
            loss.backward();
            if (disposesAt(step))
                batch.Dispose();
            monitor.Observe(loss);
        }

        var alert = Assert.Single(monitor.Alerts, static alert => alert.Id == "GG9001");
        return (alert.Layer, alert.Message);
    }

    private static IEnumerable<long> LivingBeforeObserve(bool watched)
    {
        using var model = new Chain();
        using var monitor = watched ? GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1000 }) : null;
        for (var step = 0; step <= Later; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = model.call(randn(8, 32)).square().mean();
            loss.backward();
            yield return TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
            monitor?.Observe(loss);
        }
    }

    private sealed class Chain : Module<Tensor, Tensor>
    {
        private readonly Linear fc1 = Linear(32, 16);
        private readonly Switch log = new();
        private readonly Linear fc2 = Linear(16, 4);

        public Chain()
            : base(nameof(Chain)) => RegisterComponents();

        public bool Disposes { get; set; }

        public Switch Log => log;

        public override Tensor forward(Tensor input)
        {
            var first = fc1.call(input);
            var second = log.call(first);
            var third = fc2.call(second);
            if (Disposes)
            {
                first.Dispose();
                second.Dispose();
            }

            return third;
        }
    }

    private sealed class Switch() : Module<Tensor, Tensor>(nameof(Switch))
    {
        public bool IsInfinite { get; set; }

        public override Tensor forward(Tensor input) => IsInfinite ? input.square().mul(0).log() : input.tanh();
    }
}
