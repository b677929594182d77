using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5009: backward through a graph that an earlier backward has given back.</summary>
internal sealed class GG5009BackwardTwice() : LossRule(LossDescriptors.BackwardTwice)
{
    public override void Check(ModelContext model)
    {
        foreach (var freed in FreedGraph.In(model.Graph))
        {
            model.Report(new(LossDescriptors.BackwardTwice, freed.Second.Location, Story(freed, Name(freed.Shared)), Remedy(freed))
            {
                AdditionalLocations = [freed.First.Location, freed.Shared.Location],
            });
        }
    }

    private static string Name(GraphNode shared) =>
        shared is AffineNode { Layer: { Path.Length: > 0 } layer } ? $"layer {Describe.Layer(layer)}" : $"line {Line(shared)}";

    private static int Line(GraphNode node) => node.Location.GetLineSpan().StartLinePosition.Line + 1;

    private static string Story(FreedGraph freed, string shared) => freed.First == freed.Second
        ? $"This loop runs backward() again through what {shared} computed before it"
        : $"The backward() on line {Line(freed.First)} has given back the graph of what {shared} computed";

    private static string Remedy(FreedGraph freed) => freed.First == freed.Second
        ? "compute it inside the loop"
        : freed.First.Target == freed.Second.Target ? "call backward() once" : "add the losses and call backward() once";
}
