using GradGuard.Analyzers.Catalogue;

namespace GradGuard.Analyzers.Rules.Initialization;

/// <summary>GG1008: a GroupNorm that nobody fills in. TorchSharp's own constructor does not, and says nothing of it.</summary>
internal sealed class GG1008BareGroupNorm() : CompositionRule(InitializationDescriptors.BareGroupNorm)
{
    public override void Check(CompositionContext composition)
    {
        foreach (var norm in composition.Code.BareGroupNorms.Where(norm => !composition.MayBeFilledElsewhere(norm)))
        {
            var (left, remedy) = (norm.WithoutWeight, norm.WithoutBias) switch
            {
                (true, true) => ("weight and bias", "init.ones_ on its weight and init.zeros_ on its bias"),
                (true, false) => ("the weight", "init.ones_ on its weight"),
                _ => ("the bias", "init.zeros_ on its bias"),
            };
            composition.Report(new(InitializationDescriptors.BareGroupNorm, norm.Location, norm.Member is { } member ? $"'{member.Name}'" : "This GroupNorm", left, remedy));
        }
    }
}
