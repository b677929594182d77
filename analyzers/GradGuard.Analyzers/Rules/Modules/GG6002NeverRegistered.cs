using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Composition;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Modules;

/// <summary>
/// GG6002: a module or parameter that the class makes too late for its own <c>RegisterComponents()</c>, or keeps in a collection that
/// <c>RegisterComponents()</c> does not look into, or a model whose class never calls it.
/// </summary>
internal sealed class GG6002NeverRegistered() : CompositionRule(ModulesDescriptors.NeverRegistered)
{
    public override void Check(CompositionContext composition)
    {
        foreach (var construction in composition.Code.Constructions.Where(construction => !construction.IsRegisteredByBase && !construction.Late.IsEmpty))
        {
            composition.Report(new(ModulesDescriptors.NeverRegistered, construction.Registration!.Location, $"{Describe.Members(construction.Late)} is made after RegisterComponents(), which looks at the fields once")
            {
                AdditionalLocations = [.. construction.Late.Select(late => late.Location)],
            });
        }

        foreach (var collection in composition.Code.PlainCollections)
        {
            composition.Report(new(ModulesDescriptors.NeverRegistered, collection.Location, $"'{collection.Member.Name}' is a plain collection, which RegisterComponents() does not look into; use a {Container(collection)}")
            {
                AdditionalLocations = collection.Elements,
                Severity = collection.IsOutOfSight ? DiagnosticSeverity.Info : null,
                Properties = collection is { CanBeModuleList: true, IsOutOfSight: false }
                    ? ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Container, Container(collection))
                    : ImmutableDictionary<string, string?>.Empty,
            });
        }

        foreach (var root in composition.Code.UnregisteredRoots)
        {
            composition.Report(new(ModulesDescriptors.NeverRegistered, root.Constructor.Locations[0], $"{Describe.Members(root.Members)} is never registered, because {root.Constructor.ContainingType.Name} does not call RegisterComponents() and is part of no other module")
            {
                AdditionalLocations = [root.Use],
            });
        }
    }

    private static string Container(PlainCollection collection) => collection.IsKeyed
        ? collection.HoldsParameters ? "ParameterDict" : "ModuleDict"
        : collection.HoldsParameters ? "ParameterList" : "ModuleList";
}
