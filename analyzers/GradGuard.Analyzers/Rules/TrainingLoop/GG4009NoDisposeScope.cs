using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>GG4009: a training loop in which nothing gives native memory back: no dispose scope around, and no tensor disposed by hand.</summary>
internal sealed class GG4009NoDisposeScope() : TrainingRule(TrainingLoopDescriptors.NoDisposeScope)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        if (loop.HasCallers || !loop.OfKind(TrainingEventKind.OptimizerStep).Any())
            return;
        foreach (var backward in loop.OfKind(TrainingEventKind.Backward).Where(backward => !backward.Around.OfType<ScopeNode>().Any(scope => scope.Kind is ScopeKind.Dispose)))
        {
            if (loop.OfKind(TrainingEventKind.OptimizerStep).Select(step => TrainingOrder.CommonLoop(step, backward)).FirstOrDefault(common => common is not null) is { } body
                && !loop.Events.Any(happening => happening.IsIn(body) && GivesBack(happening)))
                training.Report(Found(loop, body));
        }
    }

    private static bool GivesBack(Occurrence happening) =>
        happening.Event.Kind is TrainingEventKind.FreeMemory or TrainingEventKind.Opaque || happening.Around.OfType<ScopeNode>().Any(scope => scope.Kind is ScopeKind.Dispose);

    private static Finding Found(TrainingOrder loop, LoopNode body) => new(TrainingLoopDescriptors.NoDisposeScope, body.Keyword)
    {
        // A tensor that outlives the iteration would be disposed with it: then no fix is offered.
        Properties = loop.Events.Any(happening => happening.IsIn(body) && Escapes(happening, body))
            ? ImmutableDictionary<string, string?>.Empty
            : ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Scope, "NewDisposeScope"),
    };

    private static bool Escapes(Occurrence happening, LoopNode body) =>
        happening.Event is { Kind: TrainingEventKind.AssignTensor or TrainingEventKind.AccumulateTensor } stored
        && !(stored.Target?.Symbol is ILocalSymbol { Locations: [var declared, ..] }
            && declared.SourceTree == body.Location.SourceTree
            && body.Location.SourceSpan.Contains(declared.SourceSpan));
}
