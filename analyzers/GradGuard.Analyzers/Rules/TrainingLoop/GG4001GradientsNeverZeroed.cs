using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>
/// GG4001: a loop that runs backward and step, in which nothing ever zeroes the gradients. A zero_grad before the loop clears them once only.
/// Anything that may zero them, in a callee or on a single path, keeps the rule silent: it may be accumulation.
/// </summary>
internal sealed class GG4001GradientsNeverZeroed() : TrainingRule(TrainingLoopDescriptors.GradientsNeverZeroed)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var step in loop.OfKind(TrainingEventKind.OptimizerStep))
        {
            var backward = loop.OfKind(TrainingEventKind.Backward).FirstOrDefault(candidate => TrainingOrder.CommonLoop(candidate, step) is not null);
            if (backward is null || TrainingOrder.CommonLoop(backward, step) is not { } body)
                continue;
            if (loop.Events.Any(happening => happening.IsIn(body) && MayStartAnew(loop, happening, step)))
                continue;
            training.Report(new Finding(TrainingLoopDescriptors.GradientsNeverZeroed, step.Location, step.Event.Target?.Name ?? "the optimizer")
            {
                AdditionalLocations = [backward.Location],
            });
        }
    }

    /// <summary>True for whatever leaves the optimizer without old gradients: zeroing, or a new optimizer or model in each iteration.</summary>
    private static bool MayStartAnew(TrainingOrder loop, Occurrence happening, Occurrence step) => happening.Event.Kind switch
    {
        TrainingEventKind.ZeroGrad => loop.ActsOn(happening.Event, step.Event) is not false,
        TrainingEventKind.HandWrittenZero or TrainingEventKind.WriteGradient or TrainingEventKind.Opaque => true,
        TrainingEventKind.CreateOptimizer or TrainingEventKind.CreateModule => true,
        _ => false,
    };
}
