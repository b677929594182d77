using System.Diagnostics;
using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Baselines;
using GradGuard.Benchmarks.Detection.Faults;
using GradGuard.Benchmarks.Detection.Tasks;
using GradGuard.Monitor;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>An architecture that learns a task with an optimizer, as usual or with a variation.</summary>
internal sealed partial class SupervisedProgram(
    ProgramSet set, Architecture architecture, LearningTask task, OptimizerKind optimizer, Variation variation) : TrainingProgram
{
    private const int Samples = 512;
    private const int UsualBatch = 32;
    private const int UsualSteps = 300;

    public override string Name => $"{architecture.Name} / {task.Name} / {optimizer.Name()} / {variation.Name}";

    public override string Group => variation is Usual ? architecture.Family : variation.Name;

    public override ProgramSet Set => set;

    /// <summary>The fault; null in a healthy program.</summary>
    public Fault? Fault => variation as Fault;

    /// <summary>The same program without its fault, for as many steps.</summary>
    public SupervisedProgram Twin
        => new(set, architecture, task, optimizer, variation.Steps(UsualSteps) is var steps and not UsualSteps ? new Usual(steps) : new Usual());

    public override RunOutcome Run(int seed, int? sampleEvery)
    {
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        manual_seed(seed);
        var (inputs, targets) = task.Draw(Samples);
        inputs = variation.Feed(inputs);
        using var model = Build();
        variation.Prepare(model);
        var culprits = Fault?.Culprits(model) ?? [];
        var usualRate = architecture.RateFactor * optimizer.UsualRate();
        using var updates = optimizer.Create(model.parameters().Where(static parameter => parameter.requires_grad), usualRate);
        var batches = new Random(seed);
        for (var step = 0; step < variation.StepsBefore; step++)
            Step(model, updates, null, null, Batch(batches, inputs, targets), step, isWarmUp: true);
        variation.BeforeRun(inputs, targets);

        using var published = new PublishedRules(model);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = sampleEvery });
        var losses = new double[variation.Steps(UsualSteps)];
        for (var step = 0; step < losses.Length; step++)
        {
            foreach (var group in updates.ParamGroups)
                group.LearningRate = variation.Rate(usualRate, step);
            losses[step] = Step(model, updates, monitor, published, Batch(batches, inputs, targets), step, isWarmUp: false);
        }

        monitor.Complete();
        var (finalLoss, starved) = Evaluate(model, updates, inputs, targets);
        return new RunOutcome
        {
            Seed = seed,
            FinalLoss = finalLoss,
            Starved = starved,
            TrivialLoss = task.TrivialLoss(targets),
            Losses = losses,
            Alerts = monitor.Alerts,
            PublishedRules = published.Fired,
            Culprits = culprits,
            Seconds = clock.Elapsed.TotalSeconds,
        };
    }

    private Module<Tensor, Tensor> Build()
    {
        var stages = variation.Redesign(architecture).Build(task).ToList();
        variation.Rewire(stages);
        return Sequential(stages.Select(static stage => (stage.Name, stage.Module)));
    }

    private (Tensor Inputs, Tensor Targets) Batch(Random random, Tensor inputs, Tensor targets)
    {
        var chosen = Enumerable.Range(0, variation.BatchSize(UsualBatch)).Select(_ => random.NextInt64(Samples)).ToArray();
        using var index = tensor(chosen);
        return (inputs.index_select(0, index), targets.index_select(0, index));
    }

    private double Step(
        Module<Tensor, Tensor> model, optim.Optimizer updates, GradientMonitor? monitor, PublishedRules? published, (Tensor Inputs, Tensor Targets) batch, int step,
        bool isWarmUp)
    {
        using var scope = NewDisposeScope();
        using var inputs = batch.Inputs;
        using var targets = batch.Targets;
        if (variation.ZeroesGradients(step))
            updates.zero_grad();
        published?.BeginStep(step);
        var loss = variation.Loss(task, model.call(isWarmUp ? inputs : variation.Spoil(inputs, step)), targets);
        loss.backward();
        if (!isWarmUp)
        {
            variation.AfterBackward(model, monitor);
            monitor?.Observe(loss);
            published?.Observe();
        }

        if (variation.Updates(step))
            updates.step();
        return loss.item<float>();
    }

    /// <summary>The task's own loss over all samples, and what its gradient does not reach.</summary>
    private (double Loss, IReadOnlySet<string> Starved) Evaluate(Module<Tensor, Tensor> model, optim.Optimizer updates, Tensor inputs, Tensor targets)
    {
        using var scope = NewDisposeScope();
        updates.zero_grad();
        var loss = task.Loss(model.call(inputs), targets);
        loss.backward();
        return (loss.item<float>(), StarvedParameters.Of(model));
    }
}
