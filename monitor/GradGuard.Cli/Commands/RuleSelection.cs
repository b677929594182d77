using GradGuard.Analyzers;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Commands;

/// <summary>Rules named by their ID or by how it starts: <c>GG1002</c>, or <c>GG1</c> and <c>GG1xxx</c> for all about initialization.</summary>
internal static class RuleSelection
{
    /// <summary>Tells which IDs are meant; all of them where none is named.</summary>
    /// <exception cref="InputException">A name stands for no rule.</exception>
    public static Predicate<string> Parse(IReadOnlyList<string> names)
    {
        var starts = names
            .SelectMany(name => name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(name => name.ToUpperInvariant().TrimEnd('X'))
            .ToList();
        var known = new GradGuardAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id).ToHashSet();
        return starts.Find(start => start.Length < 3 || !known.Any(id => id.StartsWith(start, StringComparison.Ordinal))) is { } unknown
            ? throw new InputException($"--rules {unknown}: there is no such rule")
            : id => starts.Count == 0 || starts.Any(start => id.StartsWith(start, StringComparison.Ordinal));
    }
}
