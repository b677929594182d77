using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules;

/// <summary>What a rule has found, at the place nearest its cause.</summary>
/// <param name="Descriptor">The rule's entry in the catalogue.</param>
/// <param name="Location">Where to show it.</param>
/// <param name="Arguments">For the message's placeholders.</param>
internal sealed record Finding(DiagnosticDescriptor Descriptor, Location Location, params object[] Arguments)
{
    /// <summary>Lower than the catalogue's severity where the evidence is a strong pattern, not a proof.</summary>
    public DiagnosticSeverity? Severity { get; init; }

    /// <summary>Further places of the same fault.</summary>
    public ImmutableArray<Location> AdditionalLocations { get; init; } = ImmutableArray<Location>.Empty;

    /// <summary>What the code fix needs to know (see <see cref="FixProperties"/>).</summary>
    public ImmutableDictionary<string, string?> Properties { get; init; } = ImmutableDictionary<string, string?>.Empty;

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Descriptor, Location, Severity ?? Descriptor.DefaultSeverity, AdditionalLocations, Properties, Arguments);
}
