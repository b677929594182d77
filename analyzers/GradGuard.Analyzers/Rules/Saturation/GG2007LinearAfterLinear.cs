using System.Globalization;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>
/// GG2007: a Linear that is read by one other Linear and nothing else. Together they are one linear map, and of full rank where the width between them is
/// no smaller than either end; a narrower one is a factorisation (low-rank adapters, embeddings, linear autoencoders) and may be meant.
/// </summary>
internal sealed class GG2007LinearAfterLinear() : ModelRule(SaturationDescriptors.LinearAfterLinear)
{
    public override void Check(ModelContext model)
    {
        var graph = model.Graph;
        var uses = graph.Nodes.OfType<AffineNode>().Where(node => node is { Layer.Kind: LayerKind.Linear, Inputs.Length: 1 }).ToLookup(node => node.Layer);
        foreach (var first in uses.Where(use => use.Count() == 1).Select(use => use.Single()))
        {
            if (OnlyReader(graph, first) is AffineNode { Layer.Kind: LayerKind.Linear } second
                && uses[second.Layer].Count() == 1
                && ParentOf(first.Layer) == ParentOf(second.Layer)
                && KeepsRank(first.Layer, second.Layer))
                Report(model, first, second);
        }
    }

    private static void Report(ModelContext model, AffineNode first, AffineNode second)
    {
        // Two layers that one call runs stand in a Sequential: the place between them is at the second one's creation.
        var creation = first.Location == second.Location ? second.Layer.Location : null;
        model.Report(new(
            SaturationDescriptors.LinearAfterLinear,
            creation ?? first.Location,
            Describe.Layer(first.Layer),
            Describe.Layer(second.Layer),
            Saving(first.Layer, second.Layer))
        {
            AdditionalLocations = [second.Location],
            Properties = FixProperties.OfCreation(creation),
        });
    }

    /// <summary>The one node that reads a value, past dropout; null where there are several, or where the model returns the value as well.</summary>
    private static GraphNode? OnlyReader(ModelGraph graph, GraphNode node)
    {
        while (!graph.Outputs.Contains(node) && graph.UsersOf(node).Distinct().ToArray() is [var user])
        {
            if (user is not DropoutNode)
                return user;
            node = user;
        }

        return null;
    }

    private static bool KeepsRank(Layer first, Layer second) => first.OutFeatures is { } between && (between >= first.InFeatures || between >= second.OutFeatures);

    /// <summary>The module that holds a layer: a trunk's last layer and a head's first belong to different ones and may be used apart.</summary>
    private static string ParentOf(Layer layer) => layer.Path.LastIndexOf('.') is >= 0 and var dot ? layer.Path.Substring(0, dot) : "";

    private static string Saving(Layer first, Layer second) => (first.InFeatures, first.OutFeatures, second.OutFeatures) is ({ } input, { } between, { } output)
        ? $"one Linear({input}, {output}) would, with {Count((input + 1) * between + (between + 1) * output)} parameters in place of {Count((input + 1) * output)}"
        : "a single Linear would, with more parameters";

    private static string Count(long parameters) => parameters.ToString(CultureInfo.InvariantCulture);
}
