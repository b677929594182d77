using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Catalogue;

/// <summary>
/// The entries of the catalogue as they are reported at the end of a compilation, when several files together prove what none shows alone. The
/// tag tells an IDE that they come from builds and from analysis of the whole solution.
/// </summary>
internal static class CompilationEnd
{
    private static readonly ConcurrentDictionary<DiagnosticDescriptor, DiagnosticDescriptor> Twins = new();

    /// <summary><paramref name="descriptor"/> with the tag, under the same ID.</summary>
    public static DiagnosticDescriptor Twin(DiagnosticDescriptor descriptor) => Twins.GetOrAdd(descriptor, live => new DiagnosticDescriptor(
        live.Id,
        live.Title,
        live.MessageFormat,
        live.Category,
        live.DefaultSeverity,
        live.IsEnabledByDefault,
        live.Description,
        live.HelpLinkUri,
        WellKnownDiagnosticTags.CompilationEnd));
}
