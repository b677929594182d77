using Microsoft.CodeAnalysis;

namespace GradGuard.Cli.Analysis;

/// <summary>
/// The names in some sources that no source and no reference declares. What hangs on them is unknown to the rules, so their number says how much
/// was not seen.
/// </summary>
internal static class UnresolvedNames
{
    /// <summary>Type, namespace, name or member not found.</summary>
    private static readonly HashSet<string> Errors = ["CS0012", "CS0103", "CS0117", "CS0234", "CS0246", "CS0400", "CS0426", "CS1061"];

    /// <summary>Each use that the compiler cannot resolve: its place and the name there.</summary>
    public static IEnumerable<(string Path, int Start, string Name)> In(IEnumerable<Diagnostic> diagnostics) =>
        from error in diagnostics
        where Errors.Contains(error.Id)
        let tree = error.Location.SourceTree
        where tree is not null
        select (tree.FilePath, error.Location.SourceSpan.Start, NameAt(error.Location));

    private static string NameAt(Location location)
    {
        var text = location.SourceTree!.GetText().ToString(location.SourceSpan);
        return text.Split('<', '(')[0].Trim();
    }
}
