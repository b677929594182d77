using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>Healthy training that looks like a fault to a careless rule, over several seeds: not a word.</summary>
public sealed class HardCaseTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ASparseReluWhoseUnitsFireForSomebody(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 150, Batch = 128 }.Train(
            () => Models.Deep(1, 128, () => ReLU(), layer => init.constant_(layer.bias!, -1.2))));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnLstmOverRowsOfPixelsMostOfWhichAreAlwaysBlack(int seed)
        => AssertQuiet(new TrainingRun
        {
            Seed = seed,
            Steps = 150,
            Adam = true,
            LearningRate = 0.005,
            Input = static batch => cat([batch.reshape(-1, 4, 8).relu(), zeros(batch.shape[0], 4, 24)], 2),
        }.Train(static () =>
        {
            var lstm = LSTM(32, 24, batchFirst: true);
            return new Reader(lstm, input => lstm.call(input).Item1, 24);
        }));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AFrozenBackbone(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 300 }.Train(static () =>
        {
            var model = Models.Deep(4, 32, () => ReLU(), layer => init.kaiming_normal_(layer.weight!));
            foreach (var (name, parameter) in model.named_parameters())
                parameter.requires_grad = name.StartsWith("out", StringComparison.Ordinal);
            return model;
        }));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AWarmUpAndRestartsOfTheLearningRate(int seed)
        => AssertQuiet(new TrainingRun
        {
            Seed = seed,
            Spread = 1.5,
            Steps = 450,
            Adam = true,
            Schedule = static step => step < 50 ? 0.003 * (step + 1) / 50 : 0.003 * (0.5 + (0.5 * Math.Cos(Math.PI * ((step - 50) % 100) / 100))),
        }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TrainingLongAfterItConverged(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 900, Spread = 0.3, LearningRate = 0.1 }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void BatchesOfTwo(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 500, Batch = 2, Spread = 1, LearningRate = 0.01 }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ResidualBranchesThatStartAtZero(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 200, LearningRate = 0.05 }.Train(static () => new ZeroTails()));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RareClasses(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 300, ClassShares = [0.94, 0.03, 0.02, 0.01], Adam = true, LearningRate = 0.002 }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ATaskThatIsMostlyNoise(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 400, Spread = 6, LearningRate = 0.02 }.Train(Models.Mlp));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ClippingThatCatchesTheStartOnly(int seed)
        => AssertQuiet(new TrainingRun { Seed = seed, Steps = 320, Clip = 0.4, ClipThroughMonitor = true, LearningRate = 0.1 }.Train(Models.Mlp));

    private static void AssertQuiet(TrainingRun.Result result) => Assert.True(result.Alerts.Count == 0, result.Told);

    private sealed class ZeroTails : Module<Tensor, Tensor>
    {
        private readonly Linear entry = Linear(32, 32);
        private readonly ModuleList<Sequential> blocks = new();
        private readonly Linear head = Linear(32, 4);

        public ZeroTails()
            : base(nameof(ZeroTails))
        {
            for (var block = 0; block < 4; block++)
            {
                var tail = Linear(32, 32);
                init.zeros_(tail.weight!);
                init.zeros_(tail.bias!);
                blocks.Add(Sequential(LayerNorm(32), Linear(32, 32), ReLU(), tail));
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var x = entry.call(input);
            foreach (var block in blocks)
                x += block.call(x);
            return head.call(x);
        }
    }
}
