using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>
/// GG4004: in one loop, the scheduler always steps before the optimizer ever did. Its constructor has set the first learning rate already, so this
/// skips it. Stepping from the second epoch on (<c>if (epoch &gt; 0)</c>) is healthy.
/// </summary>
internal sealed class GG4004SchedulerBeforeOptimizer() : TrainingRule(TrainingLoopDescriptors.SchedulerBeforeOptimizer)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var scheduler in loop.OfKind(TrainingEventKind.SchedulerStep))
        {
            var before = loop.Events.TakeWhile(happening => happening != scheduler);
            if (before.Any(happening => happening.Event.Kind is TrainingEventKind.OptimizerStep or TrainingEventKind.Opaque))
                continue;
            var step = loop.OfKind(TrainingEventKind.OptimizerStep).FirstOrDefault(step => IsDrivenBy(loop, step, scheduler)
                && TrainingOrder.CommonLoop(step, scheduler) is { } common
                && scheduler.IsUnconditionalIn(common));
            if (step is not null)
                training.Report(new Finding(TrainingLoopDescriptors.SchedulerBeforeOptimizer, scheduler.Location, scheduler.Event.Target?.Name ?? "The scheduler")
                {
                    AdditionalLocations = [step.Location],
                });
        }
    }

    private static bool IsDrivenBy(TrainingOrder loop, Occurrence step, Occurrence scheduler)
    {
        var creation = loop.OfKind(TrainingEventKind.CreateScheduler).FirstOrDefault(made => made.Event.Target is { } target && target.Equals(scheduler.Event.Target));
        return creation is null || creation.Event.Sources.IsEmpty
            ? loop.Optimizers.Count() == 1
            : creation.Event.Sources.Any(optimizer => optimizer.Equals(step.Event.Target));
    }
}
