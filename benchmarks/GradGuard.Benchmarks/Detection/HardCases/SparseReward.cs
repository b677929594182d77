using System.Diagnostics;
using GradGuard.Benchmarks.Detection.Baselines;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Monitor;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>
/// REINFORCE on a game with a rare reward: of eight actions one fits the state, and all others pay nothing. The loss says nothing
/// about progress, and many early steps have no gradient at all. It trains where the share of missed rewards falls.
/// </summary>
internal sealed class SparseReward(ProgramSet set, int width, int batch, double rate) : TrainingProgram
{
    private const int Steps = 600;
    private const int Window = 100;
    private const long States = 6;
    private const long Actions = 8;

    public override string Name => $"sparse reward {width} / batch {batch}";

    public override string Group => "RL with sparse rewards";

    public override ProgramSet Set => set;

    public override RunOutcome Run(int seed, int? sampleEvery)
    {
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        manual_seed(seed);
        using var policy = Policy();
        using var updates = optim.Adam(policy.parameters(), rate);
        using var published = new PublishedRules(policy);
        using var monitor = GradientMonitor.Attach(policy, new GradientMonitorOptions { SampleEvery = sampleEvery });
        var right = randint(0, Actions, States);
        var losses = new double[Steps];
        var rewards = new double[Steps];
        for (var step = 0; step < Steps; step++)
        {
            published.BeginStep(step);
            (losses[step], rewards[step]) = Step(policy, updates, right, monitor, published);
        }

        return new RunOutcome
        {
            Seed = seed,
            FinalLoss = 1 - rewards[^Window..].Average(),
            TrivialLoss = 1 - (1.0 / Actions),
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
        using var policy = Policy();
        using var updates = optim.Adam(policy.parameters(), rate);
        using var monitor = watched is null ? null : GradientMonitor.Attach(policy, watched);
        var right = randint(0, Actions, States);
        for (var step = 0; step < steps; step++)
            Step(policy, updates, right, monitor, published: null);
        return FinalParameters.Of(policy);
    }

    private Sequential Policy()
        => Sequential(("fc1", Linear(States, width)), ("act1", Tanh()), ("fc2", Linear(width, width)), ("act2", Tanh()), ("out", Linear(width, Actions)));

    private (double Loss, double Reward) Step(Module<Tensor, Tensor> policy, optim.Optimizer updates, Tensor right, GradientMonitor? monitor, PublishedRules? published)
    {
        using var scope = NewDisposeScope();
        var states = randint(0, States, batch);
        updates.zero_grad();
        var logits = policy.call(functional.one_hot(states, States).to_type(ScalarType.Float32));
        var actions = logits.detach().softmax(1).multinomial(1).squeeze(1);
        var reward = (actions == right.index_select(0, states)).to_type(ScalarType.Float32);
        var loss = -(logits.log_softmax(1).gather(1, actions.unsqueeze(1)).squeeze(1) * reward).mean();
        loss.backward();
        monitor?.Observe(loss);
        published?.Observe();
        updates.step();
        return (loss.item<float>(), reward.mean().item<float>());
    }
}
