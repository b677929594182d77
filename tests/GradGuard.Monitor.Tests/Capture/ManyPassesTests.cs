using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;
using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Capture;

/// <summary>Programs whose step is more than one forward and one backward: nothing false is raised, and the counts are right.</summary>
public sealed class ManyPassesTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void GradientsAccumulatedOverFourPassesAreOneStep(int seed)
    {
        manual_seed(seed);
        using var model = Models.Mlp();
        using var optimizer = optim.SGD(model.parameters(), 0.05);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        using var task = new Task(seed);
        for (var step = 0; step < 60; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor? loss = null;
            for (var pass = 0; pass < 4; pass++)
            {
                var (data, labels) = task.Draw(16);
                loss = functional.cross_entropy(model.call(data), labels) / 4;
                loss.backward();
            }

            monitor.Observe(loss!);
            optimizer.step();
        }

        AssertQuiet(monitor, steps: 60);
        Assert.DoesNotContain(monitor.Summary().NotEvaluated, static missing => missing.Layer.Length > 0);
    }

    [Fact]
    public void RecurrencesSideBySideKeepTheirGradientsThroughTime()
    {
        using var model = new Branches();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        var records = new List<StepRecord>();
        monitor.Recorded += records.Add;
        for (var step = 0; step < 36; step++)
        {
            var loss = functional.mse_loss(model.call(randn(16, 40, 4)), zeros(16, 1));
            loss.backward();
            monitor.Observe(loss);
        }

        // What training does not compute is asked for at the start and then every 32 steps, where every step is read.
        var thorough = records.Where(static record => record.Step is < SamplingSchedule.DenseSteps or SamplingSchedule.ThoroughInterval).ToList();
        Assert.Equal(SamplingSchedule.DenseSteps + 1, thorough.Count);
        Assert.All(records.Except(thorough).SelectMany(static record => record.Layers), static layer => Assert.Null(layer.TimeGradients));
        Assert.All(thorough, static record =>
        {
            Assert.All(record.Layers.Where(static layer => layer.Layer.Path is "left" or "right"), static layer => Assert.Equal(40, layer.TimeGradients!.Count));
            Assert.Equal(2, record.Layers.Count(static layer => layer.TimeGradients is not null));
        });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnObservationInEachOfFourPassesIsHealthyToo(int seed)
    {
        manual_seed(seed);
        using var model = Models.Mlp();
        using var optimizer = optim.Adam(model.parameters(), 0.003);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        using var task = new Task(seed);
        for (var pass = 0; pass < 240; pass++)
        {
            using var scope = NewDisposeScope();
            var (data, labels) = task.Draw(16);
            var loss = functional.cross_entropy(model.call(data), labels) / 4;
            loss.backward();
            monitor.Observe(loss);
            if (pass % 4 != 3)
                continue;
            optimizer.step();
            optimizer.zero_grad();
        }

        AssertQuiet(monitor, steps: 240);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ADiscriminatorThatJudgesRealAndMadeSamplesIsHealthy(int seed)
    {
        manual_seed(seed);
        using var generator = Sequential(("in", Linear(8, 32)), ("act", ReLU()), ("out", Linear(32, 2)));
        using var discriminator = Sequential(("in", Linear(2, 32)), ("act", LeakyReLU(0.2)), ("mid", Linear(32, 32)), ("act2", LeakyReLU(0.2)), ("out", Linear(32, 1)));
        using var generating = optim.Adam(generator.parameters(), 1e-3, beta1: 0.5);
        using var judging = optim.Adam(discriminator.parameters(), 1e-3, beta1: 0.5);
        using var onGenerator = GradientMonitor.Attach(generator, new GradientMonitorOptions { SampleEvery = 2 });
        using var onDiscriminator = GradientMonitor.Attach(discriminator, new GradientMonitorOptions { SampleEvery = 2 });
        for (var step = 0; step < 500; step++)
        {
            using var scope = NewDisposeScope();
            var real = (randn(32, 2) * 0.3) + 1;
            var made = generator.call(randn(32, 8));
            judging.zero_grad();
            var judged = functional.binary_cross_entropy_with_logits(discriminator.call(real), ones(32, 1))
                + functional.binary_cross_entropy_with_logits(discriminator.call(made.detach()), zeros(32, 1));
            judged.backward();
            onDiscriminator.Observe(judged);
            judging.step();
            generating.zero_grad();
            var fooled = functional.binary_cross_entropy_with_logits(discriminator.call(made), ones(32, 1));
            fooled.backward();
            onGenerator.Observe(fooled);
            generating.step();
        }

        AssertQuiet(onGenerator, steps: 500);
        AssertQuiet(onDiscriminator, steps: 500);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnActorAndACriticWithSparseRewardsAreHealthy(int seed)
    {
        manual_seed(seed);
        var chance = new Random(seed);
        using var model = new ActorCritic();
        using var optimizer = optim.Adam(model.parameters(), 1e-3);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 2 });
        for (var step = 0; step < 500; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var state = randn(1, 8);
            var (policy, value) = model.call(state);
            var reward = chance.NextDouble() < 0.05 ? 1.0 : 0.0;
            var advantage = reward - value;
            var critic = advantage.square().mean();
            critic.backward(retain_graph: true);
            var actor = -(functional.log_softmax(policy, -1).narrow(1, chance.Next(4), 1) * advantage.detach()).mean();
            actor.backward();
            monitor.Observe(actor + critic);
            optimizer.step();
        }

        AssertQuiet(monitor, steps: 500);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OneModuleInTwoPlacesIsHealthy(int seed)
    {
        var run = new TrainingRun { Seed = seed, Steps = 150 }.Train(static () => new Siamese());
        Assert.True(run.Alerts.Count == 0, run.Told);
    }

    [Fact]
    public void AReplacedModuleIsWatchedInPlaceOfTheOldOne()
    {
        Exchange? model = null;
        var run = new TrainingRun
        {
            Steps = 60,
            BeforeForward = step =>
            {
                if (step == 20)
                    model!.Replace();
            },
        }.Train(() => model = new Exchange());
        Assert.Equal([("GG9004", "hidden")], run.Alerts.Where(static alert => alert.Severity > AlertSeverity.Info).Select(static alert => (alert.Id, alert.Layer)));
        Assert.True(run.Alerts[0].Step >= 20 + 19, run.Told);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void EvaluationBetweenStepsChangesNothing(int seed)
    {
        Sequential? model = null;
        TrainingRun.Result Run(Action<int>? between) => new TrainingRun { Seed = seed, Steps = 60, BeforeForward = between }.Train(
            () => model = Models.Deep(1, 32, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3)));
        var plain = Run(null);
        var evaluated = Run(_ =>
        {
            using var scope = NewDisposeScope();
            model!.eval();
            using (no_grad())
                model.call(zeros(16, 32));
            model.train();
            using (no_grad())
                model.call(zeros(16, 32));
        });
        Assert.NotEmpty(plain.Alerts);
        Assert.Equal(plain.Told, evaluated.Told);
        Assert.Equal(plain.Summary!.SampledSteps, evaluated.Summary!.SampledSteps);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ACellWrittenByHandTellsOfEachTimeStep(int seed)
    {
        var run = new TrainingRun { Seed = seed, Features = 64, Steps = 40, LearningRate = 1e-6, Input = Models.AsSequence }.Train(static () => new HandCell(std: 0.5));
        var alert = run.Alerts.First(static alert => alert.Id == "GG9009");
        Assert.Equal(("hidden", 32.0), (alert.Layer, alert.Evidence["timeSteps"]));
        Assert.InRange(alert.Evidence["spectralRadius"], 2, 3.7);
        var sound = new TrainingRun { Seed = seed, Features = 64, Steps = 100, Clip = 1, LearningRate = 0.05, Input = Models.AsSequence }.Train(static () => new HandCell(std: null));
        Assert.True(sound.Alerts.Count == 0, sound.Told);
    }

    private static void AssertQuiet(GradientMonitor monitor, long steps)
    {
        Assert.True(monitor.Alerts.Count == 0, string.Join("\n", monitor.Alerts));
        Assert.Equal(steps, monitor.Summary().Steps);
        Assert.Equal(0, monitor.Summary().SkippedTensors);
    }

    private sealed class Task(int seed) : IDisposable
    {
        private readonly Tensor _centers = randn(4, 32, generator: new Generator((ulong)seed)).DetachFromDisposeScope();

        public (Tensor Data, Tensor Labels) Draw(int batch)
        {
            var labels = randint(0, 4, batch, dtype: ScalarType.Int64);
            return (_centers.index_select(0, labels) + (0.5 * randn(batch, 32)), labels);
        }

        public void Dispose() => _centers.Dispose();
    }

    private sealed class ActorCritic : Module<Tensor, (Tensor Policy, Tensor Value)>
    {
        private readonly Linear trunk = Linear(8, 32);
        private readonly Tanh squash = Tanh();
        private readonly Linear policy = Linear(32, 4);
        private readonly Linear value = Linear(32, 1);

        public ActorCritic()
            : base(nameof(ActorCritic)) => RegisterComponents();

        public override (Tensor Policy, Tensor Value) forward(Tensor state)
        {
            var shared = squash.call(trunk.call(state));
            return (policy.call(shared), value.call(shared));
        }
    }

    private sealed class Siamese : Module<Tensor, Tensor>
    {
        private readonly Linear encoder = Linear(16, 32);
        private readonly ReLU relu = ReLU();
        private readonly Linear head = Linear(64, 4);

        public Siamese()
            : base(nameof(Siamese)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var halves = input.chunk(2, 1);
            return head.call(cat([relu.call(encoder.call(halves[0])), relu.call(encoder.call(halves[1]))], 1));
        }
    }

    private sealed class Exchange : Module<Tensor, Tensor>
    {
        private readonly ReLU relu = ReLU();
        private readonly Linear head = Linear(32, 4);
        private Linear hidden = Linear(32, 32);

        public Exchange()
            : base(nameof(Exchange)) => RegisterComponents();

        public void Replace()
        {
            hidden = Linear(32, 32);
            init.constant_(hidden.bias!, -30);
            _internal_submodules.Remove(nameof(hidden));
            register_module(nameof(hidden), hidden);
        }

        public override Tensor forward(Tensor input) => head.call(relu.call(hidden.call(input)));
    }

    private sealed class HandCell : Module<Tensor, Tensor>
    {
        private readonly Linear input = Linear(2, 32);
        private readonly Linear hidden = Linear(32, 32, hasBias: false);
        private readonly Linear head = Linear(32, 4);

        public HandCell(double? std)
            : base(nameof(HandCell))
        {
            if (std is { } spread)
                init.normal_(hidden.weight!, 0, spread);
            else
                init.orthogonal_(hidden.weight!);
            RegisterComponents();
        }

        public override Tensor forward(Tensor sequence)
        {
            var state = zeros(sequence.shape[0], 32);
            for (var time = 0; time < sequence.shape[1]; time++)
                state = functional.relu(input.call(sequence.select(1, time)) + hidden.call(state));
            return head.call(state);
        }
    }

    private sealed class Branches : Module<Tensor, Tensor>
    {
        private readonly LSTM left = LSTM(4, 32, batchFirst: true);
        private readonly LSTM right = LSTM(4, 32, batchFirst: true);
        private readonly Linear first = Linear(4, 32);
        private readonly Linear second = Linear(32, 32);
        private readonly Linear head = Linear(96, 1);

        public Branches()
            : base(nameof(Branches)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var branches = new Tensor[3];
            Parallel.Invoke(
                () => branches[0] = left.call(input).Item1.select(1, -1),
                () => branches[1] = right.call(input).Item1.select(1, -1),
                () => branches[2] = second.call(first.call(input.select(1, 0))));
            return head.call(cat(branches, 1));
        }
    }
}
