namespace GradGuard.Cli.Input;

/// <summary>What the user points at.</summary>
internal static class Target
{
    /// <summary>Loads a solution, a project, a folder or a file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="isExcluded">Tells full paths of files to be left out of a folder.</param>
    /// <param name="extraReferences">Full paths of DLLs, or folders of them, beyond the framework and TorchSharp.</param>
    /// <param name="progress">Told what takes time.</param>
    /// <param name="cancellation">Ends the build that is asked.</param>
    /// <exception cref="InputException">Nothing there can be analysed.</exception>
    public static async Task<LoadedTarget> LoadAsync(
        string path, Predicate<string> isExcluded, IReadOnlyList<string> extraReferences, IProgress<string> progress, CancellationToken cancellation)
    {
        progress.Report($"reading {path}");
        var references = MetadataReferences.With(extraReferences);
        if (Directory.Exists(path))
            return FolderLoader.Folder(path, isExcluded, references);
        if (!File.Exists(path))
            throw new InputException($"{path}: there is no such file or folder");
        if (ProjectLoader.Takes(path))
            return await ProjectLoader.LoadAsync(path, isExcluded, extraReferences, progress, cancellation);
        return Path.GetExtension(path).Equals(".cs", StringComparison.OrdinalIgnoreCase)
            ? FolderLoader.File(path, references)
            : throw new InputException($"{path}: it is neither a folder nor a .cs, .csproj, .sln or .slnx file");
    }
}
