using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules;

/// <summary>A rule that judges one training loop: the order of its events and what lies around them.</summary>
internal abstract class TrainingRule(params DiagnosticDescriptor[] descriptors) : Rule(descriptors)
{
    public abstract void Check(TrainingContext training);
}
