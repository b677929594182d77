using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.Modules;

/// <summary>
/// GG6006: a monitor that never observes or is never disposed, or that observes where the gradients of the step are not there: before they are
/// unscaled, after the step has used them, or after they were zeroed.
/// </summary>
internal sealed class GG6006MonitorMisuse() : TrainingRule(ModulesDescriptors.MonitorMisuse)
{
    private const GradientState Gone = GradientState.Zeroed | GradientState.Spent;

    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var attach in loop.OfKind(TrainingEventKind.AttachMonitor))
        {
            if (attach.Event.Monitor is { IsObserved: false })
                training.Report(new(ModulesDescriptors.MonitorMisuse, attach.Location, "The monitor is attached and never observes: call Observe(loss) between backward() and step()"));
            else if (attach.Event.Monitor is { IsCompleted: false })
                training.Report(new(ModulesDescriptors.MonitorMisuse, attach.Location, "Nothing disposes the monitor: its summary is never written and the model keeps its hooks")
                {
                    Properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Scope, "using"),
                });
        }

        var flows = loop.Optimizers.Select(step => (Step: step, Flow: new GradientFlow(loop, step.Event))).ToList();
        foreach (var observe in loop.OfKind(TrainingEventKind.Observe).Where(observe => flows.Count > 0 && !flows.Any(flow => HasClosure(loop, flow.Step))))
        {
            var states = flows.Aggregate(GradientState.None, (all, flow) => all | flow.Flow.StatesAt(observe.Event));
            var mistake = (states & Gone) != 0 && (states & ~(Gone | GradientState.Entry)) == 0 ? (states & GradientState.Zeroed) == 0
                    ? "after step(): the optimizer has used the gradients, and the update is blamed on the next ones"
                    : "where the gradients are zero"
                : IsUnscaledLater(loop, observe, flows[0].Step) ? "before the gradients are divided by the loss scale: all it says is off by that factor"
                : null;
            if (mistake is not null)
                training.Report(new(ModulesDescriptors.MonitorMisuse, observe.Location, $"The monitor observes {mistake}; observe just before step()") { AdditionalLocations = [flows[0].Step.Location] });
        }
    }

    /// <summary>A step that runs backward itself (LBFGS): what lies before it is not what it uses.</summary>
    private static bool HasClosure(TrainingOrder loop, Occurrence step) => loop.Root.DescendantsAndSelf().OfType<LoopNode>().Any(closure => closure.Location == step.Location);

    private static bool IsUnscaledLater(TrainingOrder loop, Occurrence observe, Occurrence step)
    {
        var rest = loop.Events.Skip(loop.PositionOf(observe) + 1).Select(next => next.Event.Kind)
            .TakeWhile(kind => kind is not (TrainingEventKind.OptimizerStep or TrainingEventKind.Backward or TrainingEventKind.ZeroGrad or TrainingEventKind.Opaque));
        var before = loop.Events.Take(loop.PositionOf(observe)).Reverse().Select(past => past.Event.Kind)
            .TakeWhile(kind => kind is not (TrainingEventKind.Unscale or TrainingEventKind.OptimizerStep or TrainingEventKind.Opaque));
        return TrainingOrder.CommonLoop(observe, step) is { } common && observe.IsUnconditionalIn(common)
            && rest.Contains(TrainingEventKind.Unscale) && before.Contains(TrainingEventKind.Backward);
    }
}
