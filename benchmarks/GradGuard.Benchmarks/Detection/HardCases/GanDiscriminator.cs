using System.Diagnostics;
using GradGuard.Benchmarks.Detection.Baselines;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Monitor;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>
/// The discriminator of a GAN over a ring of Gaussians: two forward passes a step, and a loss that must not fall when all goes well.
/// It trains where the generator's samples come nearer to the ring than the untrained generator's.
/// </summary>
internal sealed class GanDiscriminator(ProgramSet set, int width, Func<Module<Tensor, Tensor>> activation, string kind) : TrainingProgram
{
    private const int Steps = 400;
    private const int Batch = 64;
    private const int NoiseFeatures = 4;
    private const double Rate = 2e-3;

    public override string Name => $"GAN {width} {kind}";

    public override string Group => "GAN discriminator";

    public override ProgramSet Set => set;

    public override RunOutcome Run(int seed, int? sampleEvery)
    {
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        manual_seed(seed);
        using var generator = Network(NoiseFeatures, 2);
        using var discriminator = Network(2, 1);
        using var generatorUpdates = optim.Adam(generator.parameters(), Rate, beta1: 0.5);
        using var discriminatorUpdates = optim.Adam(discriminator.parameters(), Rate, beta1: 0.5);
        var untrained = DistanceToRing(generator);
        using var published = new PublishedRules(discriminator);
        using var monitor = GradientMonitor.Attach(discriminator, new GradientMonitorOptions { SampleEvery = sampleEvery });
        var losses = new double[Steps];
        for (var step = 0; step < Steps; step++)
        {
            published.BeginStep(step);
            losses[step] = Step(generator, discriminator, generatorUpdates, discriminatorUpdates, monitor, published);
        }

        return new RunOutcome
        {
            Seed = seed,
            FinalLoss = DistanceToRing(generator),
            TrivialLoss = untrained,
            Losses = losses,
            Alerts = monitor.Alerts,
            PublishedRules = published.Fired,
            Starved = new HashSet<string>(),
            Seconds = clock.Elapsed.TotalSeconds,
        };
    }

    public override float[] Train(int seed, int steps, GradientMonitorOptions? watched)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        using var generator = Network(NoiseFeatures, 2);
        using var discriminator = Network(2, 1);
        using var generatorUpdates = optim.Adam(generator.parameters(), Rate, beta1: 0.5);
        using var discriminatorUpdates = optim.Adam(discriminator.parameters(), Rate, beta1: 0.5);
        using var monitor = watched is null ? null : GradientMonitor.Attach(discriminator, watched);
        for (var step = 0; step < steps; step++)
            Step(generator, discriminator, generatorUpdates, discriminatorUpdates, monitor, published: null);
        return FinalParameters.Of(generator, discriminator);
    }

    private static double Step(
        Module<Tensor, Tensor> generator, Module<Tensor, Tensor> discriminator, optim.Optimizer generatorUpdates, optim.Optimizer discriminatorUpdates,
        GradientMonitor? monitor, PublishedRules? published)
    {
        using var scope = NewDisposeScope();
        var fake = generator.call(randn(Batch, NoiseFeatures));
        discriminatorUpdates.zero_grad();
        var loss = functional.softplus(-discriminator.call(Ring())).mean() + functional.softplus(discriminator.call(fake.detach())).mean();
        loss.backward();
        monitor?.Observe(loss);
        published?.Observe();
        discriminatorUpdates.step();

        generatorUpdates.zero_grad();
        discriminator.eval();
        functional.softplus(-discriminator.call(fake)).mean().backward();
        discriminator.train();
        generatorUpdates.step();
        return loss.item<float>();
    }

    private Sequential Network(long from, long to)
        => Sequential(("fc1", Linear(from, width)), ("act1", activation()), ("fc2", Linear(width, width)), ("act2", activation()), ("out", Linear(width, to)));

    private static Tensor Ring()
    {
        var angle = randint(0, 8, Batch) * (Math.PI / 4);
        return (2 * stack([cos(angle), sin(angle)], 1)) + (0.1 * randn(Batch, 2));
    }

    /// <summary>Mean distance of generated samples to the circle that the Gaussians lie on.</summary>
    private static double DistanceToRing(Module<Tensor, Tensor> generator)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var samples = generator.call(randn(512, NoiseFeatures));
        return (samples.square().sum(1).sqrt() - 2).abs().mean().item<float>();
    }
}
