using System.Text.RegularExpressions;

namespace GradGuard.Cli.Input;

/// <summary>
/// Patterns that paths are matched against: <c>*</c> stands for anything within one folder, <c>**</c> for any folders, <c>?</c> for one character.
/// A pattern without a slash matches a file or folder of that name anywhere; one that matches a folder matches all in it.
/// </summary>
internal sealed class PathPatterns
{
    private readonly List<Regex> _patterns;

    public PathPatterns(IEnumerable<string> patterns) => _patterns = [.. patterns.Select(Compile)];

    /// <summary>Whether any pattern matches a path relative to the target.</summary>
    public bool Match(string relativePath)
    {
        var path = relativePath.Replace('\\', '/');
        return _patterns.Any(pattern => pattern.IsMatch(path));
    }

    private static Regex Compile(string pattern)
    {
        var trimmed = pattern.Replace('\\', '/').Trim('/');
        var expression = Regex.Escape(trimmed)
            .Replace(@"\*\*/", "(.*/)?")
            .Replace(@"\*\*", ".*")
            .Replace(@"\*", "[^/]*")
            .Replace(@"\?", "[^/]");
        var start = trimmed.Contains('/') ? "^" : "(^|/)";
        return new($"{start}{expression}($|/)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
