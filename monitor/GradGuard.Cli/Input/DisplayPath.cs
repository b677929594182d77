namespace GradGuard.Cli.Input;

/// <summary>How paths are shown: with forward slashes, and short where they can be.</summary>
internal static class DisplayPath
{
    /// <summary>Relative to <paramref name="workingDirectory"/> where the path lies below it, else in full.</summary>
    public static string Of(string fullPath, string workingDirectory)
    {
        var relative = Path.GetRelativePath(workingDirectory, fullPath);
        var leaves = relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal) || Path.IsPathRooted(relative);
        return (leaves ? fullPath : relative).Replace('\\', '/');
    }
}
