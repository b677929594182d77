namespace GradGuard.Cli.Input;

/// <summary>The C# files of a folder, in one order on every machine.</summary>
internal static class SourceFiles
{
    private static readonly HashSet<string> BuildFolders = new(StringComparer.OrdinalIgnoreCase) { "bin", "obj", "node_modules" };

    /// <summary>
    /// Files with this extension under <paramref name="folder"/>, by full path. Build outputs and folders whose name starts with a dot are left
    /// out; linked folders are not entered, so that a circle of links ends. A folder that cannot be read is added to <paramref name="skipped"/>.
    /// </summary>
    public static IReadOnlyList<string> Under(string folder, string extension, ICollection<Skipped> skipped)
    {
        var files = new List<string>();
        var open = new Stack<DirectoryInfo>([new DirectoryInfo(folder)]);
        while (open.TryPop(out var directory))
        {
            try
            {
                foreach (var entry in directory.EnumerateFileSystemInfos())
                {
                    if (entry is DirectoryInfo child)
                    {
                        if (!child.Attributes.HasFlag(FileAttributes.ReparsePoint) && !child.Name.StartsWith('.') && !BuildFolders.Contains(child.Name))
                            open.Push(child);
                    }
                    else if (entry.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase))
                    {
                        files.Add(entry.FullName);
                    }
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                skipped.Add(new(directory.FullName, error.Message));
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
