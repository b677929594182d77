using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>
/// GG4010: the optimizer steps parameters that the loss does not depend on: those of another module, of a module built anew since, or of one moved
/// since (moving to another device replaces and disposes a module's parameters).
/// </summary>
internal sealed class GG4010ForeignParameters() : TrainingRule(TrainingLoopDescriptors.ForeignParameters)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var made in loop.OfKind(TrainingEventKind.CreateOptimizer).Where(made => made.Event is { Target: not null, SourcesAreComplete: true }))
        {
            var end = loop.Events.Skip(loop.PositionOf(made) + 1)
                .TakeWhile(happening => happening.Event.Kind is not TrainingEventKind.CreateOptimizer || !made.Event.Target!.Equals(happening.Event.Target)).ToList();
            var step = end.FirstOrDefault(happening => happening.Event.Kind is TrainingEventKind.OptimizerStep && made.Event.Target!.Equals(happening.Event.Target));
            if (step is null)
                continue;
            var changed = end.TakeWhile(happening => happening != step).FirstOrDefault(happening =>
                happening.Event is { Kind: TrainingEventKind.CreateModule or TrainingEventKind.MoveModule, Target: { } target } && made.Event.Sources.Contains(target));
            if (changed is not null)
                Report(training, made, changed, $"{changed.Event.Target!.Name} is {(changed.Event.Kind is TrainingEventKind.MoveModule ? "moved" : "built anew")} after the optimizer took its parameters: it may go on stepping the old ones");
            else if (ForeignForward(loop, made, step) is { } forward)
                Report(training, made, forward, $"The optimizer holds the parameters of {made.Event.Sources[0].Name}, but {forward.Event.Target!.Name} is what the loop trains");
        }
    }

    /// <summary>The first forward of the training loop, where none of its forwards runs a module of the optimizer's.</summary>
    private static Occurrence? ForeignForward(TrainingOrder loop, Occurrence made, Occurrence step)
    {
        var body = loop.OfKind(TrainingEventKind.Backward).Select(backward => TrainingOrder.CommonLoop(backward, step)).FirstOrDefault(common => common is not null);
        if (body is null || loop.OfKind(TrainingEventKind.Opaque).Any())
            return null;
        var forwards = loop.OfKind(TrainingEventKind.Forward).ToList();
        var isForeign = forwards.All(forward => forward.Event.Target is { } target && made.Event.Sources.All(module => loop.AreApart(target, module)));
        return isForeign ? forwards.FirstOrDefault(forward => forward.IsIn(body) && !forward.IsUnderNoGrad) : null;
    }

    private static void Report(TrainingContext training, Occurrence made, Occurrence other, string message) =>
        training.Report(new Finding(TrainingLoopDescriptors.ForeignParameters, made.Location, message) { AdditionalLocations = [other.Location] });
}
