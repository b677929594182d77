using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules;

/// <summary>A rule that judges how a type puts modules together and runs them.</summary>
internal abstract class CompositionRule(params DiagnosticDescriptor[] descriptors) : Rule(descriptors)
{
    public abstract void Check(CompositionContext composition);
}
