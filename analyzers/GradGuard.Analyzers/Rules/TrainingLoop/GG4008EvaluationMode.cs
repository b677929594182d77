using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>GG4008: a module in evaluation mode that still builds graphs, or one that stays in evaluation mode while it goes on training.</summary>
internal sealed class GG4008EvaluationMode() : TrainingRule(TrainingLoopDescriptors.EvaluationMode)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        if (loop.HasCallers)
            return;
        foreach (var eval in loop.OfKind(TrainingEventKind.Eval).Where(eval => eval.Event.Target is not null))
        {
            if (StaysInEvaluation(loop, eval))
                training.Report(new Finding(TrainingLoopDescriptors.EvaluationMode, eval.Location, $"{eval.Event.Target!.Name} goes on training after this eval() without train(): dropout stays off and batch norm keeps its statistics"));
            if (ForwardWithGraph(loop, eval) is { } forward)
                training.Report(WithoutNoGrad(eval, forward));
        }
    }

    private static bool StaysInEvaluation(TrainingOrder loop, Occurrence eval)
    {
        var steps = loop.OfKind(TrainingEventKind.OptimizerStep).Where(step => loop.PositionOf(step) < loop.PositionOf(eval));
        var body = steps.Select(step => TrainingOrder.CommonLoop(step, eval)).FirstOrDefault(common => common is not null);
        return body is not null
            && loop.OfKind(TrainingEventKind.Forward).Any(forward => forward.IsIn(body) && !forward.IsUnderNoGrad && Equals(forward.Event.Target, eval.Event.Target))
            && !loop.Events.Any(happening => happening.IsIn(body)
                && happening.Event.Kind is TrainingEventKind.Train or TrainingEventKind.UnknownMode or TrainingEventKind.Opaque or TrainingEventKind.CreateModule);
    }

    /// <summary>The first forward after eval() that, batch after batch, builds a graph which no backward can want.</summary>
    private static Occurrence? ForwardWithGraph(TrainingOrder loop, Occurrence eval)
    {
        var rest = loop.Events.Skip(loop.PositionOf(eval) + 1)
            .TakeWhile(happening => happening.Event.Kind is not (TrainingEventKind.Train or TrainingEventKind.UnknownMode)).ToList();
        return loop.OfKind(TrainingEventKind.Backward).Any() || rest.Any(happening => happening.Event.Kind is TrainingEventKind.Opaque)
            ? null
            : rest.FirstOrDefault(happening => happening.Event.Kind is TrainingEventKind.Forward && happening.GradScope is null && happening.IsRepeated
                && Equals(happening.Event.Target, eval.Event.Target));
    }

    private static Finding WithoutNoGrad(Occurrence eval, Occurrence forward) => new(
        TrainingLoopDescriptors.EvaluationMode, forward.Location, "An evaluation without no_grad() builds a graph for every batch that nobody uses")
    {
        AdditionalLocations = [eval.Location],
        Properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Scope, "no_grad"),
    };
}
