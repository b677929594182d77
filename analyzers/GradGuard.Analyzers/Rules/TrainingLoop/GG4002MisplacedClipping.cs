using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>GG4002: clipping that never meets the gradients of a backward, because it runs before it or after the step.</summary>
internal sealed class GG4002MisplacedClipping() : TrainingRule(TrainingLoopDescriptors.MisplacedClipping)
{
    private const GradientState Stale = GradientState.Entry | GradientState.Zeroed | GradientState.Spent | GradientState.EntryClipped;

    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        var flows = loop.Optimizers.Select(step => (Step: step, Flow: new GradientFlow(loop, step.Event))).ToList();
        foreach (var clip in loop.OfKind(TrainingEventKind.Clip))
        {
            var concerned = flows.Where(flow => loop.ActsOn(clip.Event, flow.Step.Event) is not false).ToList();
            if (concerned.Count == 0 || !concerned.All(flow => IsStale(loop, flow.Flow, clip) && StepsUnclipped(loop, flow.Flow, flow.Step)))
                continue;
            var steps = loop.OfKind(TrainingEventKind.OptimizerStep).Where(step => loop.SameOptimizer(step.Event, concerned[0].Step.Event));
            var isAfterStep = concerned.Any(flow => flow.Flow.StatesAt(clip.Event) == GradientState.Spent);
            training.Report(new Finding(TrainingLoopDescriptors.MisplacedClipping, clip.Location, isAfterStep ? "after step()" : "before backward()")
            {
                AdditionalLocations = [loop.Nearest(steps, clip).Location],
            });
        }
    }

    private static bool IsStale(TrainingOrder loop, GradientFlow flow, Occurrence clip)
    {
        var states = flow.StatesAt(clip.Event);
        if (states == GradientState.None || (states & ~(Stale | GradientState.Erased)) != 0)
            return false;

        // What the caller left may be a backward's gradients, unless a backward follows before any step does.
        return (states & (GradientState.Zeroed | GradientState.Spent)) != 0
            || (loop.OfKind(TrainingEventKind.Backward).Any(backward => (flow.StatesAt(backward.Event) & GradientState.EntryClipped) != 0)
                && !loop.OfKind(TrainingEventKind.OptimizerStep).Any(step => (flow.StatesAt(step.Event) & GradientState.EntryClipped) != 0));
    }

    private static bool StepsUnclipped(TrainingOrder loop, GradientFlow flow, Occurrence optimizer) =>
        loop.OfKind(TrainingEventKind.OptimizerStep)
            .Where(step => loop.SameOptimizer(step.Event, optimizer.Event))
            .Select(step => flow.StatesAt(step.Event))
            .Any(states => (states & GradientState.Fresh) != 0 && (states & (GradientState.Clipped | GradientState.Unknown)) == 0);
}
