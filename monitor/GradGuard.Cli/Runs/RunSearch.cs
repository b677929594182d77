using GradGuard.Cli.Input;

namespace GradGuard.Cli.Runs;

/// <summary>Finds the runs that are meant by a path.</summary>
internal static class RunSearch
{
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>The run that lies at a path; where none does, all those in the folders below it, linked folders left out, by path.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="InputException">There is no run, or one of them cannot be read.</exception>
    public static IReadOnlyList<RunDirectory> Of(string path)
    {
        if (!Directory.Exists(path) || RunDirectory.Looks(path))
            return [RunDirectory.Open(path)];
        var found = Directory.EnumerateDirectories(path, "*", Below).Where(RunDirectory.Looks).Order(StringComparer.Ordinal).Select(RunDirectory.Open).ToList();
        return found.Count > 0 ? found : throw new InputException($"{path}: there is no run in it");
    }
}
