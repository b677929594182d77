namespace GradGuard.Cli.Input;

/// <summary>What the user points at.</summary>
internal static class Target
{
    /// <summary>Loads a file or a folder.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="isExcluded">Tells full paths of files to be left out of a folder.</param>
    /// <param name="extraReferences">Full paths of DLLs, or folders of them, beyond the framework and TorchSharp.</param>
    /// <exception cref="InputException">Nothing there can be analysed.</exception>
    public static LoadedTarget Load(string path, Predicate<string> isExcluded, IReadOnlyList<string> extraReferences)
    {
        var references = MetadataReferences.With(extraReferences);
        if (Directory.Exists(path))
            return FolderLoader.Folder(path, isExcluded, references);
        if (!File.Exists(path))
            throw new InputException($"{path}: there is no such file or folder");
        return Path.GetExtension(path).Equals(".cs", StringComparison.OrdinalIgnoreCase)
            ? FolderLoader.File(path, references)
            : throw new InputException($"{path}: it is neither a folder nor a .cs file");
    }
}
