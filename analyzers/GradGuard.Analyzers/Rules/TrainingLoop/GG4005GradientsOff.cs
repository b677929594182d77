using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>
/// GG4005: gradients switched off where they are needed. Three ways: a loss computed without a graph, a trained module that only ever runs without
/// one, and a grad mode that nobody switches back (TorchSharp's guard has no finalizer).
/// </summary>
internal sealed class GG4005GradientsOff() : TrainingRule(TrainingLoopDescriptors.GradientsOff)
{
    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var dropped in loop.OfKind(TrainingEventKind.DropGradMode).Where(dropped => dropped.IsWrittenHere))
            Report(training, dropped, "The result is not disposed, so gradients stay off on this thread for good: 'using' it ends that with the block");
        foreach (var backward in loop.OfKind(TrainingEventKind.Backward).Where(backward => HasNoGraph(loop, backward)))
            Report(training, backward, "The loss is computed under no_grad or inference_mode, so it has no graph and backward() throws or does nothing");
        foreach (var forward in loop.Optimizers.Select(step => ForwardWithoutGraph(loop, step)).OfType<Occurrence>())
            Report(training, forward, "The module that the optimizer trains runs under no_grad or inference_mode only: it gets no gradient and learns nothing");
    }

    /// <summary>Only the mode in which a loss is computed counts: backward itself may run in any.</summary>
    private static bool HasNoGraph(TrainingOrder loop, Occurrence backward)
    {
        if (backward.Event.Target is not { } loss)
            return backward.IsUnderNoGrad && backward.Event.IsComputedHere;
        var values = loop.Events.Where(happening => loss.Equals(happening.Event.Target)
            && happening.Event.Kind is TrainingEventKind.AssignTensor or TrainingEventKind.AccumulateTensor or TrainingEventKind.RequireGradient).ToList();
        return values.Count > 0 && values.All(value => value.IsUnderNoGrad && value.Event.Kind is not TrainingEventKind.RequireGradient);
    }

    private static Occurrence? ForwardWithoutGraph(TrainingOrder loop, Occurrence step)
    {
        var origin = loop.OriginOf(step.Event);
        if (origin is not { IsComplete: true, Modules: [var module] } || loop.OfKind(TrainingEventKind.Opaque).Any()
            || !loop.OfKind(TrainingEventKind.Backward).Any(backward => TrainingOrder.CommonLoop(backward, step) is not null && !HasNoGraph(loop, backward)))
            return null;
        var forwards = loop.OfKind(TrainingEventKind.Forward).Where(forward => forward.Event.Target is not { } target || !loop.AreApart(target, module)).ToList();
        return forwards.Count > 0 && forwards.All(forward => forward.IsUnderNoGrad && module.Equals(forward.Event.Target)) ? forwards[0] : null;
    }

    private static void Report(TrainingContext training, Occurrence found, string message) =>
        training.Report(new Finding(TrainingLoopDescriptors.GradientsOff, found.Location, message));
}
