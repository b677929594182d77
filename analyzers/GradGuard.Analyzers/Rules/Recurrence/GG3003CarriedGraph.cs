using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Rules.Loss;

namespace GradGuard.Analyzers.Rules.Recurrence;

/// <summary>
/// GG3003: a training loop that hands the state of one batch to the next with its autograd graph, which <c>backward()</c> has freed by then. Truncated
/// backpropagation through time detaches it (Williams and Peng 1990).
/// </summary>
internal sealed class GG3003CarriedGraph() : LossRule(RecurrenceDescriptors.CarriedGraph)
{
    public override void Check(ModelContext model)
    {
        // Code that freezes weights may have frozen those that the state goes through.
        if (model.Graph.Freezes)
            return;
        var carried = model.Graph.Nodes.OfType<RecurrenceNode>()
            .Select(recurrence => (Recurrence: recurrence, Layer: LearnedIn(recurrence)))
            .Where(found => found.Layer is not null && KeepsGraph(model.Graph, found.Recurrence));
        foreach (var loop in carried.GroupBy(found => found.Recurrence.Location))
        {
            var reads = loop.Select(found => ReadOf(found.Recurrence)).Distinct().ToList();
            model.Report(new(RecurrenceDescriptors.CarriedGraph, reads[0], Describe.Layer(loop.First().Layer!))
            {
                AdditionalLocations = [loop.Key, .. reads.Skip(1)],
            });
        }
    }

    /// <summary>A layer with weights that the carried value goes through: what makes it a state, not a sum.</summary>
    private static Layer? LearnedIn(RecurrenceNode recurrence) => recurrence.Cycle.Select(node => node switch
    {
        RecurrentLayerNode recurrent => recurrent.Layer,
        AffineNode affine => affine.Layer,
        ProductNode product => product.Weights.FirstOrDefault(weight => weight.IsParameter)?.Layer,
        _ => null,
    }).FirstOrDefault(layer => layer is not null);

    /// <summary>
    /// The state at the end of a pass, and what the pass calls <c>backward()</c> on, both hang on the state at its beginning. A branch counts only where all
    /// its ways do, and what is not understood does not.
    /// </summary>
    private static bool KeepsGraph(ModelGraph graph, RecurrenceNode recurrence)
    {
        var losses = graph.Nodes.OfType<BackwardNode>()
            .Where(call => call.RetainsGraph is false && recurrence.Loop is { } loop && call.Scope.IsInEachPassOf(loop))
            .Select(call => call.Target)
            .ToList();
        if (losses.Count == 0)
            return false;
        var hanging = new HashSet<GraphNode> { recurrence.Carried };
        foreach (var node in graph.Nodes)
        {
            if (node switch
            {
                GradientCutNode or UnknownNode or { Scope.IsGradientOff: true } => false,
                BranchNode => node.Inputs.All(hanging.Contains),
                _ => node.Inputs.Any(hanging.Contains),
            })
                hanging.Add(node);
        }

        return hanging.Contains(recurrence.Body) && losses.Exists(hanging.Contains);
    }

    /// <summary>Where the loop reads the state first; an inner loop may be what reads it.</summary>
    private static Microsoft.CodeAnalysis.Location ReadOf(RecurrenceNode recurrence) =>
        recurrence.Cycle.OfType<CarriedNode>().Prepend(recurrence.Carried).Select(carried => carried.Read).FirstOrDefault(read => read is not null)
        ?? recurrence.Location;
}
