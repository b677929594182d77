using GradGuard.Analyzers.Catalogue;

namespace GradGuard.Analyzers.Rules.Modules;

/// <summary>GG6005: a functional dropout in a module that does not pass on whether the module trains.</summary>
internal sealed class GG6005EndlessDropout() : CompositionRule(ModulesDescriptors.EndlessDropout)
{
    public override void Check(CompositionContext composition)
    {
        foreach (var dropout in composition.Code.EndlessDropouts)
            composition.Report(new(ModulesDescriptors.EndlessDropout, dropout.Location, dropout.Function));
    }
}
