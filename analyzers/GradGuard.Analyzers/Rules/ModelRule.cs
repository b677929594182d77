using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules;

/// <summary>A rule that judges one model: its layers, the values it computes, and the signal through them.</summary>
internal abstract class ModelRule(params DiagnosticDescriptor[] descriptors) : Rule(descriptors)
{
    public abstract void Check(ModelContext model);
}
