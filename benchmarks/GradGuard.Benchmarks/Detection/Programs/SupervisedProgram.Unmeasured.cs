using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <content>The same training with nothing but the monitor around it.</content>
internal sealed partial class SupervisedProgram
{
    public override float[] Train(int seed, int steps, GradientMonitorOptions? watched)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        var (inputs, targets) = task.Draw(Samples);
        inputs = variation.Feed(inputs);
        using var model = Build();
        variation.Prepare(model);
        var usualRate = architecture.RateFactor * optimizer.UsualRate();
        using var updates = optimizer.Create(model.parameters().Where(static parameter => parameter.requires_grad), usualRate);
        variation.BeforeRun(inputs, targets);
        using var monitor = watched is null ? null : GradientMonitor.Attach(model, watched);
        var batches = new Random(seed);
        for (var step = 0; step < steps; step++)
        {
            foreach (var group in updates.ParamGroups)
                group.LearningRate = variation.Rate(usualRate, step);
            Step(model, updates, monitor, null, Batch(batches, inputs, targets), step, isWarmUp: false);
        }

        return FinalParameters.Of(model);
    }
}
