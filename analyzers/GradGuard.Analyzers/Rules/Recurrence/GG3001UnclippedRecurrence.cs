using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Recurrence;

/// <summary>
/// GG3001: a recurrent module whose gradients reach the optimizer unclipped on every path. Through T steps they are multiplied by W_hhᵀ T times
/// (Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks").
/// </summary>
internal sealed class GG3001UnclippedRecurrence() : TrainingRule(RecurrenceDescriptors.UnclippedRecurrence)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var optimizer in loop.Optimizers)
        {
            var trained = TrainedModules(loop, optimizer).ToList();
            var recurrent = trained.Select(module => training.Modules.RecurrentAt(module.Place, module.Type)).FirstOrDefault(found => found is not null);
            if (recurrent is null || IsClippedSomewhere(loop, optimizer.Event))
                continue;
            var flow = new GradientFlow(loop, optimizer.Event);
            foreach (var step in loop.OfKind(TrainingEventKind.OptimizerStep).Where(step => loop.SameOptimizer(step.Event, optimizer.Event)))
            {
                if (IsUnclipped(flow.StatesAt(step.Event)))
                    training.Report(Found(step, recurrent, trained));
            }
        }
    }

    private static bool IsUnclipped(GradientState states) => (states & GradientState.Fresh) != 0 && (states & (GradientState.Clipped | GradientState.Unknown)) == 0;

    /// <summary>Clipping at the wrong place is a fault of its own: GG4002.</summary>
    private static bool IsClippedSomewhere(TrainingOrder loop, TrainingEvent step) =>
        loop.OfKind(TrainingEventKind.Clip).Any(clip => loop.ActsOn(clip.Event, step) is not false);

    /// <summary>What the optimizer was made from; where that was not seen, the modules that run with gradients on.</summary>
    private static IEnumerable<(Place? Place, ITypeSymbol? Type)> TrainedModules(TrainingOrder loop, Occurrence step)
    {
        var origin = loop.OriginOf(step.Event);
        return origin.Modules.IsEmpty
            ? loop.OfKind(TrainingEventKind.Forward).Where(forward => !forward.IsUnderNoGrad).Select(forward => (forward.Event.Target, forward.Event.TargetType))
            : origin.Modules.Select(module => ((Place?)module, module.Type ?? loop.Trace.Method?.ContainingType));
    }

    private static Finding Found(Occurrence step, RecurrentLayer recurrent, List<(Place? Place, ITypeSymbol? Type)> trained)
    {
        var name = recurrent.Location is null ? recurrent.LayerName : $"{recurrent.Holder.Name} (it holds {Article(recurrent.LayerName)} {recurrent.LayerName})";
        var places = trained.Select(module => module.Place).Distinct().ToList();
        var owner = step.IsWrittenHere && places is [{ } only] ? only.Symbol is null ? "" : only.Name + "." : null;
        return new Finding(RecurrenceDescriptors.UnclippedRecurrence, step.Location, name)
        {
            AdditionalLocations = recurrent.Location is null ? ImmutableArray<Location>.Empty : [recurrent.Location],
            Properties = owner is null
                ? ImmutableDictionary<string, string?>.Empty
                : ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Parameters, owner + "parameters()"),
        };
    }

    private static string Article(string layer) => layer.StartsWith("G", StringComparison.Ordinal) ? "a" : "an";
}
