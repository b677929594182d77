using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules;

/// <summary>
/// One entry of the catalogue: a stateless judgement over what the lower layers understood. A rule holds no data between calls, because the
/// compiler runs it concurrently and over many compilations.
/// </summary>
internal abstract class Rule(params DiagnosticDescriptor[] descriptors)
{
    public ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = ImmutableArray.Create(descriptors);
}
