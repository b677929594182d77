using GradGuard.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Modules;

/// <summary>GG6001: a module run by <c>forward()</c>, past its hooks. A suggestion, until somebody relies on hooks.</summary>
internal sealed class GG6001ForwardCalled() : CompositionRule(ModulesDescriptors.ForwardCalled)
{
    public override void Check(CompositionContext composition)
    {
        foreach (var call in composition.Code.ForwardCalls)
        {
            var isMissed = composition.NeedsHooks(call);
            composition.Report(new(
                ModulesDescriptors.ForwardCalled, call.Location, call.Receiver, isMissed ? "they see nothing of this module" : "whoever observes modules sees nothing of this one")
            {
                Severity = isMissed ? DiagnosticSeverity.Warning : null,
            });
        }
    }
}
