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

    /// <summary>
    /// The diagnostic, or null where its place is in another project: that project's own analysis speaks there. The compiler refuses places outside
    /// of <paramref name="compilation"/>, and a referenced project that an editor holds as source has such.
    /// </summary>
    public Diagnostic? ToDiagnostic(Compilation compilation) => !IsIn(compilation, Location) ? null : Diagnostic.Create(
        Descriptor, Location, Severity ?? Descriptor.DefaultSeverity, AdditionalLocations.Where(place => IsIn(compilation, place)), Properties, Arguments);

    private static bool IsIn(Compilation compilation, Location location) =>
        location.SourceTree is not { } tree || compilation.ContainsSyntaxTree(tree);
}
