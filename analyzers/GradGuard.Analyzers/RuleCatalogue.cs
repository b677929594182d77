using System.Collections.Immutable;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers;

/// <summary>Every static rule there is. A rule that is not listed here does not run.</summary>
internal static class RuleCatalogue
{
    public static ImmutableArray<Rule> Rules { get; } = ImmutableArray<Rule>.Empty;

    /// <summary>What all the rules can report, in the order of their IDs.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Descriptors { get; } =
        Rules.SelectMany(rule => rule.Descriptors).Distinct().OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal).ToImmutableArray();
}
