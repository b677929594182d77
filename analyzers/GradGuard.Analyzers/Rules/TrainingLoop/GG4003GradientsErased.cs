using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>GG4003: gradients zeroed after backward and before the step that was to consume them, on every path.</summary>
internal sealed class GG4003GradientsErased() : TrainingRule(TrainingLoopDescriptors.GradientsErased)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var optimizer in loop.Optimizers)
        {
            var flow = new GradientFlow(loop, optimizer.Event);
            var emptySteps = loop.OfKind(TrainingEventKind.OptimizerStep)
                .Where(step => loop.SameOptimizer(step.Event, optimizer.Event) && flow.StatesAt(step.Event) == GradientState.Erased)
                .ToList();
            if (emptySteps.Count == 0)
                continue;
            foreach (var zero in loop.OfKind(TrainingEventKind.ZeroGrad).Where(zero => Erases(flow.StatesAt(zero.Event)) && loop.ActsOn(zero.Event, optimizer.Event) is true))
            {
                training.Report(new Finding(TrainingLoopDescriptors.GradientsErased, zero.Location, optimizer.Event.Target?.Name ?? "the optimizer")
                {
                    AdditionalLocations = [loop.Nearest(emptySteps, zero).Location],
                });
            }
        }
    }

    private static bool Erases(GradientState before) =>
        before != GradientState.None && (before & ~(GradientState.Fresh | GradientState.Clipped)) == 0;
}
