using GradGuard.Analyzers.Catalogue;

namespace GradGuard.Analyzers.Rules.Modules;

/// <summary>
/// GG6003: the constructor of a base class registers the components before that of the derived class has made its own. Field initializers of the
/// derived class run before the base constructor and are registered.
/// </summary>
internal sealed class GG6003RegisteredTooEarly() : CompositionRule(ModulesDescriptors.RegisteredTooEarly)
{
    public override void Check(CompositionContext composition)
    {
        foreach (var construction in composition.Code.Constructions.Where(construction => construction.IsRegisteredByBase && !construction.Late.IsEmpty))
        {
            composition.Report(new(ModulesDescriptors.RegisteredTooEarly, construction.Late[0].Location, Describe.Members(construction.Late), construction.Registration!.Owner.Name)
            {
                AdditionalLocations = [.. construction.Late.Skip(1).Append(construction.Registration).Select(step => step.Location)],
            });
        }
    }
}
