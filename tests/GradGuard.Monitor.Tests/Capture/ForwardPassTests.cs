using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Capture;

/// <summary>What programs do with their modules and tensors, and what the monitor makes of it.</summary>
public sealed class ForwardPassTests
{
    private static GradientMonitorOptions EveryStep => new() { SampleEvery = 1 };

    [Fact]
    public void EvaluationPassesDoNotCount()
    {
        using var model = Models.Deep(1, 64, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3));
        using var monitor = GradientMonitor.Attach(model, EveryStep);
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            model.eval();
            model.call(randn(8, 32));
            model.train();
            using (no_grad())
                model.call(randn(8, 32));
            monitor.Observe(zeros(1));
        }

        Assert.Empty(monitor.Alerts);
    }

    [Fact]
    public void ASharedActivationIsToldApartByWhatFeedsIt()
    {
        var result = new TrainingRun { Steps = 30 }.Train(static () => new SharedActivation());
        var alert = Assert.Single(result.Alerts);
        Assert.Equal(("GG9004", "dead"), (alert.Id, alert.Layer));
    }

    [Fact]
    public void AFunctionalReluIsSeenByWhatTheNextLayerReceives()
    {
        var result = new TrainingRun { Steps = 30 }.Train(static () => new FunctionalRelu(bias: -30));
        var alert = Assert.Single(result.Alerts);
        Assert.Equal(("GG9004", "hidden"), (alert.Id, alert.Layer));
        Assert.Empty(new TrainingRun { Steps = 30 }.Train(static () => new FunctionalRelu(bias: 0)).Alerts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SoIsOneThatWritesOverALayersOutputOrHidesInAModule(bool inPlace)
    {
        var result = new TrainingRun { Steps = 30 }.Train(() => new OwnRelu(inPlace, bias: -30));
        var alert = Assert.Single(result.Alerts);
        Assert.Equal(("GG9004", "hidden"), (alert.Id, alert.Layer));
        Assert.Empty(new TrainingRun { Steps = 30 }.Train(() => new OwnRelu(inPlace, bias: 0)).Alerts);
    }

    [Fact]
    public void ALayerRunThroughForwardIsNotEvaluatedRatherThanHealthy()
    {
        var result = new TrainingRun { Steps = 30 }.Train(static () => new ForwardOnly());
        Assert.Equal("GG9011", Assert.Single(result.Alerts).Id);
        Assert.Contains(result.Summary!.NotEvaluated, missing => missing.Layer == "hidden" && missing.Reason.Contains("forward()", StringComparison.Ordinal));
    }

    [Fact]
    public void ALayerAddedLateIsWatched()
    {
        Sequential? model = null;
        var result = new TrainingRun
        {
            Steps = 50,
            BeforeForward = step =>
            {
                if (step == 10)
                    model!.append("late", ReLU()).append("tail", Linear(4, 4));
            },
        }.Train(() => model = Models.Deep(1, 16, () => Tanh(), static _ => { }));
        Assert.Empty(result.Alerts);
        Assert.DoesNotContain(result.Summary!.NotEvaluated, missing => missing.Layer is "late" or "tail");
    }

    [Fact]
    public void TensorsThatTheProgramDisposesOrReturnsUnchangedAreNoHarm()
    {
        var result = new TrainingRun { Steps = 30 }.Train(static () => new Careless());
        Assert.Empty(result.Alerts);
        Assert.True(result.Losses[^1] < result.Losses[0]);
    }

    [Fact]
    public void TheLossMayBeOddOrGone()
    {
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model, EveryStep);
        var gone = zeros(1);
        gone.Dispose();
        monitor.Observe(gone);
        using var vector = ones(3);
        monitor.Observe(vector);
        using var whole = tensor(3L);
        monitor.Observe(whole);
        Assert.Empty(monitor.Alerts);
        Assert.Equal(3, monitor.Summary().Steps);
    }

    [Fact]
    public void ModulesWithSeveralInputsAndTuplesAsOutputAreWatched()
    {
        var result = new TrainingRun { Steps = 30 }.Train(static () => new TwoInputs());
        Assert.Empty(result.Alerts);
        Assert.DoesNotContain(result.Summary!.NotEvaluated, missing => missing.Layer.Length > 0);
    }

    private sealed class SharedActivation : Module<Tensor, Tensor>
    {
        private readonly Linear alive = Linear(32, 64);
        private readonly Linear dead = Linear(64, 64);
        private readonly Linear head = Linear(64, 4);
        private readonly ReLU relu = ReLU();

        public SharedActivation()
            : base(nameof(SharedActivation))
        {
            init.constant_(dead.bias!, -30);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => head.call(relu.call(dead.call(relu.call(alive.call(input)))));
    }

    private sealed class FunctionalRelu : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(32, 64);
        private readonly Linear head = Linear(64, 4);

        public FunctionalRelu(double bias)
            : base(nameof(FunctionalRelu))
        {
            init.constant_(hidden.bias!, bias);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => head.call(functional.relu(hidden.call(input)));
    }

    private sealed class OwnRelu : Module<Tensor, Tensor>
    {
        private readonly bool inPlace;
        private readonly Linear hidden = Linear(32, 64);
        private readonly LayerNorm norm = LayerNorm(64);
        private readonly Rectifier rectifier = new();
        private readonly Linear head = Linear(64, 4);

        public OwnRelu(bool inPlace, double bias)
            : base(nameof(OwnRelu))
        {
            this.inPlace = inPlace;
            init.constant_(norm.bias!, bias);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var normal = norm.call(hidden.call(input));
            return head.call(inPlace ? normal.relu_() : rectifier.call(normal));
        }
    }

    private sealed class Rectifier() : Module<Tensor, Tensor>(nameof(Rectifier))
    {
        public override Tensor forward(Tensor input) => input.clamp(min: 0);
    }

    private sealed class ForwardOnly : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(32, 4);

        public ForwardOnly()
            : base(nameof(ForwardOnly)) => RegisterComponents();

        public override Tensor forward(Tensor input) => hidden.forward(input);
    }

    private sealed class Same() : Module<Tensor, Tensor>(nameof(Same))
    {
        public override Tensor forward(Tensor input) => input;
    }

    private sealed class Careless : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(32, 32);
        private readonly Same same = new();
        private readonly ReLU relu = ReLU(inplace: true);
        private readonly Linear head = Linear(32, 4);
        private Tensor? kept;

        public Careless()
            : base(nameof(Careless)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var before = hidden.call(input);
            using var after = relu.call(same.call(before));
            var output = head.call(after);
            kept?.Dispose();
            kept = output.detach().DetachFromDisposeScope();
            return output;
        }
    }

    private sealed class Pair() : Module<Tensor, Tensor, (Tensor, (Tensor, int))>(nameof(Pair))
    {
        public override (Tensor, (Tensor, int)) forward(Tensor left, Tensor right) => (left + right, (left - right, 1));
    }

    private sealed class TwoInputs : Module<Tensor, Tensor>
    {
        private readonly Linear left = Linear(32, 16);
        private readonly Linear right = Linear(32, 16);
        private readonly Pair pair = new();
        private readonly ReLU relu = ReLU();
        private readonly Linear head = Linear(16, 4);

        public TwoInputs()
            : base(nameof(TwoInputs)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (sum, (difference, _)) = pair.call(left.call(input), right.call(input));
            return head.call(relu.call(sum + difference));
        }
    }
}
