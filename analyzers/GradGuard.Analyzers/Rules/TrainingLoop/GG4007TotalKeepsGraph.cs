using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>
/// GG4007: a total over iterations that adds losses as tensors. Each has a graph (its backward runs in the same loop), and the total holds on to
/// all of them. A total that is itself differentiated is a loss, and healthy.
/// </summary>
internal sealed class GG4007TotalKeepsGraph() : TrainingRule(TrainingLoopDescriptors.TotalKeepsGraph)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var addition in loop.OfKind(TrainingEventKind.AccumulateTensor).Where(addition => !addition.IsUnderNoGrad))
        {
            if (addition.Event.Target is { } total && AddsLossOf(loop, addition) is { } body && !IsStartedIn(loop, body, total) && !IsDifferentiated(loop, total))
                training.Report(new Finding(TrainingLoopDescriptors.TotalKeepsGraph, addition.Location, total.Name));
        }
    }

    /// <summary>The loop in which what is added is also differentiated, which proves that it carries a graph.</summary>
    private static LoopNode? AddsLossOf(TrainingOrder loop, Occurrence addition) => loop.OfKind(TrainingEventKind.Backward)
        .Where(backward => backward.Event.Target is { } loss && addition.Event.Sources.Contains(loss))
        .Select(backward => TrainingOrder.CommonLoop(backward, addition))
        .FirstOrDefault(body => body is not null);

    private static bool IsStartedIn(TrainingOrder loop, LoopNode body, Place total) =>
        loop.OfKind(TrainingEventKind.AssignTensor).Any(value => value.IsIn(body) && total.Equals(value.Event.Target));

    private static bool IsDifferentiated(TrainingOrder loop, Place total)
    {
        var derived = new HashSet<Place> { total };
        while (loop.Events.Any(happening => happening.Event is { Kind: TrainingEventKind.AssignTensor or TrainingEventKind.AccumulateTensor, Target: { } target }
            && happening.Event.Sources.Any(derived.Contains) && derived.Add(target)))
        {
        }

        return loop.OfKind(TrainingEventKind.Backward).Any(backward => backward.Event.Target is not { } loss || derived.Contains(loss));
    }
}
