using GradGuard.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Modules;

/// <summary>GG6004: a layer that a module makes and registers but never runs. One that is not even registered is GG6002's or GG6003's.</summary>
internal sealed class GG6004UnusedLayer() : CompositionRule(ModulesDescriptors.UnusedLayer)
{
    public override void Check(CompositionContext composition)
    {
        var code = composition.Code;
        var late = code.Constructions.SelectMany(construction => construction.Late).Select(step => step.Member);
        foreach (var layer in code.UnusedLayers.Where(layer => !late.Contains(layer.Member, SymbolEqualityComparer.Default)))
            composition.Report(new(ModulesDescriptors.UnusedLayer, layer.Location, layer.Member.Name, code.Type.Name));
    }
}
