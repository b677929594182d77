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
            var line = freed.Shared.Location.GetLineSpan().StartLinePosition.Line + 1;
            model.Report(new(LossDescriptors.BackwardTwice, freed.Second.Location, Story(freed, line), Remedy(freed))
            {
                AdditionalLocations = [freed.First.Location, freed.Shared.Location],
            });
        }
    }

    private static string Story(FreedGraph freed, int line) => freed.First == freed.Second
        ? $"This loop runs backward() again through what line {line} computed before it"
        : $"The backward() on line {freed.First.Location.GetLineSpan().StartLinePosition.Line + 1} has given back the graph of what line {line} computed";

    private static string Remedy(FreedGraph freed) => freed.First == freed.Second
        ? "compute it inside the loop"
        : freed.First.Target == freed.Second.Target ? "call backward() once" : "add the losses and call backward() once";
}
